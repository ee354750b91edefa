// The sentences of the manager.
import { entry, roles } from './roles';

export const manager = {
  first: {
    title: 'Two commands, and the console is one click away',
    hint: 'In a terminal:',
    steps: [
      { does: 'Add a source: the access key of an IAM user. The secret is asked for and goes to the keychain.', command: 'guise source add work --access-key-id ID' },
      { does: 'Add a role that this user may assume.', command: 'guise role add NAME --source work --arn ARN' },
      { does: 'Click the role, here or in the tray: the browser opens the AWS console as it.', command: '' },
    ],
  },
  roles,
  entry,
  sources: {
    who: 'Who',
    region: 'Region',
    noRegion: 'each role’s own',
    keyId: 'Key ID',
    profile: 'Profile',
    mfa: 'MFA device',
    usedBy: 'Used by',
    usedByCount: (roles: number) => (roles === 0 ? 'no role yet' : roles === 1 ? '1 role' : `${roles} roles`),
    another: 'To add another, run this in a terminal:',
    empty: 'No sources yet',
    emptyHint: 'A source is an IAM user’s access key. Its secret goes to the keychain and never to this window. Add one in a terminal:',
    command: 'guise source add NAME --access-key-id ID',
    commandHint: 'It asks for the secret key, and checks with AWS whose it is',
  },
  sessions: {
    count: (live: number) => (live === 1 ? '1 live session' : `${live} live sessions`),
    sessionName: 'Session name',
    since: 'Since',
    credentials: 'Credentials',
    console: 'Console',
    noConsole: 'not opened',
    empty: 'No live sessions',
    emptyHint: 'Open a role’s console or copy its credentials, and its session shows here until it ends',
    toRoles: 'Go to roles',
  },
  details: { arn: 'Role ARN', account: 'Account', source: 'Source', region: 'Region', page: 'Opens at', session: 'Session', failure: 'Failure code' },
  keys: {
    label: 'Keys',
    // What is drawn, what is read aloud, and what it does.
    move: { drawn: '↑ ↓', read: 'Up and Down', does: 'move' },
    access: { drawn: 'R F', read: 'R or F', does: 'read-only or full' },
    open: { drawn: '⏎', read: 'Enter', does: 'open console' },
    copy: { drawn: 'C', read: 'C', does: 'copy credentials' },
    signinUrl: { drawn: 'U', read: 'U', does: 'copy sign-in URL' },
    end: { drawn: 'E', read: 'E', does: 'end session' },
    details: { drawn: '→', read: 'Right', does: 'details' },
    find: { drawn: '/', read: 'Slash', does: 'find' },
    panes: { drawn: 'Ctrl 1–3', read: 'Control 1 to 3', does: 'panes' },
  },
};
