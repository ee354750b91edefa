// The sentences of the window of questions.
export const prompt = {
  title: (role: string) => `Guise: ${role}`,
  wait: 'One moment…',
  cancel: 'Cancel',
  escape: 'Esc',
  wantedBy: 'Wanted by',
  code: {
    title: 'Code for',
    field: (role: string) => `Code of six digits for ${role}`,
    device: 'From the MFA device',
    next: (seconds: number) => `another code in ${seconds} s`,
    tooLong: 'A code has six digits',
  },
  production: {
    title: 'Open',
    account: 'Account',
    access: 'Access',
    readOnly: 'read-only',
    full: 'full access',
    lasts: 'For',
    type: 'To go on, type',
    confirm: 'Open as production',
  },
};
