// Finding as the window's process does it, for pages without one: simpler, and enough to draw and to test a page with.
import { grouped } from '../account';
import type { Found } from '../generated/Found';
import type { FoundPage } from '../generated/FoundPage';
import type { FoundRole } from '../generated/FoundRole';
import type { FoundRoles } from '../generated/FoundRoles';
import type { Mark } from '../generated/Mark';
import type { PastedView } from '../generated/PastedView';
import type { Query } from '../generated/Query';
import type { RoleView } from '../generated/RoleView';
import type { Snapshot } from '../generated/Snapshot';

const MOST_ROWS = 50;
const SERVICES: [string, string][] = [['ec2', 'EC2'], ['iam', 'IAM'], ['lambda', 'Lambda'], ['s3', 'S3'], ['sqs', 'Simple Queue Service']];

export function find(snapshot: Snapshot, query: Query): Found {
  if (query.find === 'pages') return { found: 'pages', ...pages(snapshot, query.text) };
  return { found: 'roles', ...roles(snapshot, query.text, query.pasted ?? undefined, query.account ?? undefined) };
}

function roles(snapshot: Snapshot, typed: string, beside?: string, chosen?: string): FoundRoles {
  const link = beside ?? (isLink(typed) ? typed.trim() : undefined);
  const text = beside === undefined && link ? '' : typed;
  const all = snapshot.roles.length;
  let among = snapshot.roles;
  let pasted: PastedView | null = null;
  if (link) {
    const id = /\d{12}/.exec(link.replace(/^(\d{4})[- ]?(\d{4})[- ]?(\d{4})$/, '$1$2$3'))?.[0] ?? chosen;
    const account = id ? (among.find((role) => role.account.id === id)?.account ?? { name: grouped(id), id, production: false }) : null;
    pasted = pastedOf(link, account);
    if (!account) {
      const accounts = new Map(among.map((role) => [role.account.id, role.account]));
      const shown = [...accounts.values()].filter((account) => account.name.includes(text));
      const counted = shown.map((account) => ({ account, roles: among.filter((role) => role.account.id === account.id).length, name_spans: [], id_spans: [] }));
      return { roles: [], total: counted.length, all, pasted, accounts: counted };
    }
    const named = /roleName=([^&]*)/.exec(link)?.[1];
    among = among.filter((role) => role.account.id === account.id && (named === undefined || role.arn.endsWith(`/${named}`)));
  }
  const found = among.flatMap((role) => matched(role, text));
  return { roles: found.slice(0, MOST_ROWS), total: found.length, all, pasted, accounts: [] };
}

function isLink(text: string): boolean {
  return /^\s*(arn:aws|https:\/\/\S*(console|signin)\.aws\.amazon\.com|\d{4}[- ]?\d{4}[- ]?\d{4}\s*$)/.test(text);
}

/** What a pasted text is of, and where it leads. */
function pastedOf(text: string, account: PastedView['account']): PastedView {
  const what = text.replace(/^https:\/\/[^/]*\//, '');
  if (/^\d/.test(text)) return { kind: 'account', what: grouped(text.replace(/\D/g, '')), account, destination: null, missing: false };
  if (text.includes('/switchrole?')) return { kind: 'role', what: /roleName=([^&]*)/.exec(text)?.[1] ?? what, account, destination: null, missing: false };
  return { kind: text.startsWith('arn:') ? 'resource' : 'page', what, account, destination: text, missing: false };
}

function matched(role: RoleView, text: string): FoundRole[] {
  const fields: [Mark['field'], string][] = [['name', role.name], ['account', role.account.name], ['id', role.account.id], ['source', role.source]];
  const marks: Mark[] = [];
  for (const word of text.toLowerCase().split(/\s+/).filter(Boolean)) {
    const field = fields.find(([, value]) => value.toLowerCase().includes(word));
    if (!field) return [];
    const start = field[1].toLowerCase().indexOf(word);
    marks.push({ field: field[0], text: field[1], spans: [[start, start + word.length]] });
  }
  return [{ role, marks }];
}

function pages(snapshot: Snapshot, text: string): { pages: FoundPage[]; failure: { code: 'invalid-input'; message: string; hint: string } | null } {
  const wanted = text.trim().toLowerCase();
  const typed: FoundPage[] = wanted.includes('/') && !wanted.includes(' ') ? [{ origin: 'typed', destination: text, title: text, spans: [] }] : [];
  const recent = snapshot.recent_pages.map((page): FoundPage => ({ origin: 'recent', destination: page, title: page, spans: [] }));
  const services = SERVICES.map(([destination, title]): FoundPage => ({ origin: 'service', destination, title, spans: [] }));
  const found = [...typed, ...[...recent, ...services].filter((page) => `${page.title} ${page.destination}`.toLowerCase().includes(wanted))];
  const failure = { code: 'invalid-input', message: `\`${text}\` is not a page of the console`, hint: 'give a service such as ec2' } as const;
  return { pages: found, failure: found.length === 0 ? failure : null };
}
