// The guide's side of the agent in memory: it remembers, sketches a role, makes it, and takes it out again.
import type { Failure } from '../generated/Failure';
import type { GuideNotes } from '../generated/GuideNotes';
import type { GuideStep } from '../generated/GuideStep';
import type { GuideView } from '../generated/GuideView';
import type { LineView } from '../generated/LineView';
import type { RoleForm } from '../generated/RoleForm';
import type { SketchView } from '../generated/SketchView';
import type { SourceView } from '../generated/SourceView';

const EMPTY: RoleForm = { source: '', role: '', account: '', policy: '', mfa: false, mfa_serial: '', external_id: '', named_after_user: false, longest: '' };

export class FakeGuide {
  #notes: GuideNotes = { step: 'source', source: { way: '', name: '', access_key_id: '', profile: '', region: '' }, form: EMPTY };
  #made = '';
  /** Whether attaching the policy fails, so that a role is half made. */
  halfway = false;

  view(notes: GuideNotes | null | undefined, sources: SourceView[], roles: string[]): GuideView {
    if (notes) this.#notes = structuredClone(notes);
    const { form } = this.#notes;
    const source = sources.find((each) => each.name === form.source);
    const policies = [
      { name: 'AmazonEC2FullAccess', allows: 'everything in EC2' },
      { name: 'ReadOnlyAccess', allows: 'reading everything, data too' },
    ];
    const wrong: [boolean, 'role' | 'account' | 'mfa', Failure][] = [
      [!/^[\w+=,.@-]{1,64}$/.test(form.role), 'role', { code: 'invalid-input', message: form.role ? `\`${form.role}\` is not a name that IAM takes for a role` : 'the role needs a name', hint: 'it has 1 to 64 letters, digits or any of _+=,.@-' }],
      [form.account !== '' && !/^\d{12}$/.test(form.account), 'account', { code: 'invalid-input', message: `\`${form.account}\` is not an account id`, hint: 'an account id has twelve digits' }],
      [form.mfa && !form.mfa_serial && !source?.mfa_serial, 'mfa', { code: 'invalid-input', message: 'a code is demanded, but no device is known' }],
    ];
    const problems = wrong.flatMap(([is, field, failure]) => (is && source ? [{ field, failure }] : []));
    const sketch = source && problems.length === 0 ? this.#sketch(form, source, roles) : null;
    return { notes: structuredClone(this.#notes), policies, problems, sketch };
  }

  /** Goes on to a step, with a role that is written; or made by that source. */
  at(step: GuideStep, made?: SourceView): void {
    const form: RoleForm = { ...EMPTY, source: 'work', role: 'AWSEC2FULLACCESS', policy: 'AmazonEC2FullAccess', mfa: true, mfa_serial: 'arn:aws:iam::111122223333:mfa/ada', longest: '12h' };
    this.#notes = { ...this.#notes, step, form };
    if (made) this.make(form, made);
  }

  make(form: RoleForm, source: SourceView): { arn: string; whole: boolean; trouble?: Failure } {
    this.#made = arnOf(form, source);
    const trouble: Failure = { code: 'not-found', message: 'IAM knows no such policy', hint: 'compare its name with the list of policies in IAM; capitals count' };
    return { arn: this.#made, whole: !this.halfway, ...(this.halfway ? { trouble } : {}) };
  }

  unmake(): void {
    this.#made = '';
  }

  #sketch(form: RoleForm, source: SourceView, roles: string[]): SketchView {
    const arn = arnOf(form, source);
    const account = form.account || source.account.id;
    const trust = lines(form, source);
    const document = trust.map((line) => line.text).join('\n');
    const policy = `arn:aws:iam::aws:policy/${form.policy}`;
    const elsewhere = account !== source.account.id;
    const made = this.#made === arn;
    const trouble: Failure = { code: 'not-found', message: 'IAM knows no such policy', hint: 'compare its name with the list of policies in IAM; capitals count' };
    return {
      arn,
      account,
      page: form.policy === 'AmazonEC2FullAccess' ? 'ec2' : '',
      trust,
      written: {
        cli: `# in account ${account}, as somebody who may create roles\naws iam create-role \\\n  --role-name='${form.role}' \\\n  --max-session-duration 3600 \\\n  --assume-role-policy-document '${document}'\n`,
        cloudformation: `# in account ${account}; the stack needs the capability CAPABILITY_NAMED_IAM\nResources:\n  Role:\n    Type: AWS::IAM::Role\n`,
        terraform: `# in account ${account}\nresource "aws_iam_role" "${form.role}" {\n  name = "${form.role}"\n}\n`,
      },
      callers_part: elsewhere
        ? { because: 'the role is in another account, so that its trust policy alone is not enough', holder: 'the user `ada`', policy: `{ "Resource": "${arn}" }`, written: { cli: `aws iam put-user-policy --user-name='ada'\n`, cloudformation: 'Resources:\n', terraform: 'resource "aws_iam_user_policy" "assume" {}\n' } }
        : null,
      iam_page: 'https://us-east-1.console.aws.amazon.com/iam/home#/roles/create?step=selectEntities',
      switch_role: `https://us-east-1.signin.aws.amazon.com/switchrole?account=${account}&roleName=${form.role}&displayName=${form.role}`,
      calls: [
        { action: 'iam:CreateRole', parameters: [{ name: 'RoleName', value: form.role }, { name: 'AssumeRolePolicyDocument', value: document }], done: made },
        ...(form.policy ? [{ action: 'iam:AttachRolePolicy', parameters: [{ name: 'RoleName', value: form.role }, { name: 'PolicyArn', value: policy }], done: made && !this.halfway }] : []),
      ],
      not_ours: elsewhere ? { code: 'invalid-input', message: `the source cannot make a role in the account ${account}`, hint: 'give one of the other ways to whoever looks after that account' } : null,
      made: made ? { arn, whole: !this.halfway, trouble: this.halfway ? trouble : null } : null,
      kept: roles.includes(form.role) ? form.role : null,
    };
  }
}

function arnOf(form: RoleForm, source: SourceView): string {
  return `arn:aws:iam::${form.account || source.account.id}:role/${form.role}`;
}

function lines(form: RoleForm, source: SourceView): LineView[] {
  return [
    { text: '{', means: '' },
    { text: '  "Version": "2012-10-17",', means: 'the version of the language that policies are written in; this is the latest' },
    { text: '  "Statement": [', means: 'what is allowed; a role can have more than one such statement' },
    { text: '    {', means: '' },
    { text: '      "Effect": "Allow",', means: 'what this statement describes is allowed; everything else stays forbidden' },
    { text: '      "Principal": {', means: 'who may assume the role:' },
    { text: `        "AWS": "${source.arn}"`, means: 'the user `ada`, and nobody else; it needs no permission of its own' },
    { text: '      },', means: '' },
    { text: `      "Action": "sts:AssumeRole"${form.mfa ? ',' : ''}`, means: 'assuming the role is allowed, and nothing else' },
    ...(form.mfa ? [{ text: '      "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } }', means: 'a code of an MFA device was given; whoever has the key alone is kept out' }] : []),
    { text: '    }', means: '' },
    { text: '  ]', means: '' },
    { text: '}', means: '' },
  ];
}
