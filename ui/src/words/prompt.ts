// The sentences of the window of questions.
export const prompt = {
  title: (role: string) => `Guise: ${role}`,
  wait: 'One moment…',
  cancel: 'Cancel',
  escape: 'Esc',
  wantedBy: 'Wanted by',
  keychain: {
    title: 'The keychain is locked',
    waits: 'It is needed for',
    how: (source: string) => `Enter its password in the keychain’s own window: the key of ${source} is in it. Guise neither asks for that password nor sees it.`,
    leave: 'Cancel, here or there, leaves it locked. Nothing is changed then.',
  },
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
