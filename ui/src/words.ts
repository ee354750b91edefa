// Every sentence of the windows. What went wrong in the agent brings its own sentence; these are the rest.
import type { Failure } from './generated/Failure';
import { bringing } from './words/bringing';
import { guide } from './words/guide';
import { manager } from './words/manager';
import { panes } from './words/panes';
import { prompt } from './words/prompt';
import { switcher } from './words/switcher';

const noAnswer: Failure = {
  code: 'agent',
  message: 'Guise did not answer',
  hint: 'close this window and open it again from the tray',
};

export const words = {
  ...manager,
  ...panes,
  bringing,
  guide,
  prompt,
  switcher,
  title: (pane: string) => `Guise · ${pane}`,
  product: 'Guise',
  version: (version: string) => `version ${version}`,
  panes: { roles: 'Roles', sources: 'Sources', sessions: 'Sessions', journal: 'Journal', settings: 'Settings', import: 'Import and export', about: 'About' },
  navigation: 'Panes',
  loading: 'Asking Guise…',
  home: (home: string) => `Guise home \`${home}\`: roles and keys kept elsewhere are not shown`,
  keychain: 'The keychain is locked: unlock it in its own window to go on',
  underWay: 'What is under way',
  trouble: 'What is wrong',
  message: 'Message',
  dismiss: 'Dismiss',
  undo: 'Undo',
  renewed: (role: string) => `Renewed \`${role}\``,
  undone: (message: string) => `Undone: ${message}`,
  production: 'PRODUCTION',
  readOnly: 'read-only',
  unusable: 'Cannot be used',
  favourite: 'Favourite',
  account: 'Account',
  failures: { noAnswer },
  status: {
    idle: 'nothing is live',
    working: 'working',
    live: 'a session is live',
    production: 'a production session is live',
    trouble: 'something went wrong',
  },
  time: {
    ended: 'ended',
    lastMinute: 'under 1 min',
    minutes: (minutes: number) => `${minutes} min`,
    hours: (hours: number, minutes: string) => `${hours} h ${minutes} min`,
    left: (left: string) => `${left} left`,
    until: (time: string) => `until ${time}`,
  },
  actions: {
    openConsole: { does: 'Open console', doing: 'Opening…', aimed: (role: string) => `as ${role}`, keys: '' },
    openPage: { does: 'Go to page', doing: 'Opening…', aimed: (role: string) => `as ${role}`, keys: '' },
    openReadOnly: { does: 'Open read-only', doing: 'Opening…', aimed: (role: string) => `as ${role}`, keys: 'R' },
    openFull: { does: 'Open with full access', doing: 'Opening…', aimed: (role: string) => `as ${role}`, keys: 'F' },
    copyCredentials: { does: 'Copy credentials', doing: 'Copying…', aimed: (role: string) => `of ${role}`, keys: 'C' },
    copySigninUrl: { does: 'Copy sign-in URL', doing: 'Copying…', aimed: (role: string) => `of ${role}`, keys: 'U' },
    renewSession: { does: 'Renew', doing: 'Renewing…', aimed: (role: string) => role, keys: 'N' },
    endSession: { does: 'End', doing: 'Ending…', aimed: (role: string) => role, keys: 'E' },
    where: (account: string, production: boolean) => (production ? `in ${account}, PRODUCTION` : `in ${account}`),
  },
};
