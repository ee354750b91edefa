// The fields of a role's form: where each stands and how it is typed.
import type { RoleEntry } from '../../generated/RoleEntry';
import type { RoleField } from '../../generated/RoleField';

/** A field that is typed as text. */
export type TextField = Exclude<RoleField, 'assumed_by'> & keyof RoleEntry;
export type Choice = 'mfa' | 'read_only';
export type Shape = { field: TextField; as: 'line' | 'code' | 'lines' | 'choice' };

/** What most roles need. What assumes the role stands between its ARN and the rest. */
export const first: readonly Shape[] = [
  { field: 'name', as: 'line' },
  { field: 'arn', as: 'code' },
];

export const usual: readonly Shape[] = [
  { field: 'destination', as: 'line' },
  { field: 'region', as: 'code' },
  { field: 'duration', as: 'code' },
];

export const more: readonly Shape[] = [
  { field: 'mfa', as: 'choice' },
  { field: 'mfa_serial', as: 'code' },
  { field: 'session_name', as: 'code' },
  { field: 'external_id', as: 'code' },
  { field: 'source_identity', as: 'code' },
  { field: 'tags', as: 'lines' },
  { field: 'transitive_tags', as: 'lines' },
  { field: 'policy_arns', as: 'lines' },
  { field: 'policy', as: 'lines' },
  { field: 'read_only', as: 'choice' },
  { field: 'read_only_policy', as: 'code' },
];

export function isChoice(field: TextField): field is Choice {
  return field === 'mfa' || field === 'read_only';
}
