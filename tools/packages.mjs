// Writes down what ships inside Guise, with each part's licence, for the manager's About: `node tools/packages.mjs`.
import { writeFileSync } from 'node:fs';
import { inside } from './inside.mjs';

const out = new URL('../ui/src/manager/about/packages.json', import.meta.url);
const all = inside().map(({ name, version, licence }) => [name, version, licence]);
writeFileSync(out, `[\n${all.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`);
