// Writes down what ships inside Guise, with each part's licence, for the manager's About: `node tools/packages.mjs`.
// What was fetched for building is asked; no network is.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const out = new URL('ui/src/manager/about/packages.json', root);

const text = execFileSync('cargo', ['metadata', '--offline', '--locked', '--format-version', '1'], {
  cwd: fileURLToPath(root),
  encoding: 'utf8',
  maxBuffer: 1 << 28,
});
const { packages, resolve } = JSON.parse(text);
const byId = new Map(packages.map((each) => [each.id, each]));
const nodes = new Map(resolve.nodes.map((each) => [each.id, each]));

// What is linked into the programs, on any system: neither what builds it nor what tests it.
const linked = new Set();
const visit = (id) => {
  if (linked.has(id)) return;
  linked.add(id);
  for (const { pkg, dep_kinds } of nodes.get(id).deps) if (dep_kinds.some(({ kind }) => kind === null)) visit(pkg);
};
for (const { id, name } of packages) if (name === 'guise' || name === 'guise-desktop') visit(id);

const crates = [...linked]
  .map((id) => byId.get(id))
  .filter(({ source }) => source !== null)
  .map(({ name, version, license }) => [name, version, license ?? 'see its licence file']);

const page = ['svelte', '@tauri-apps/api'].map((name) => {
  const { version, license } = JSON.parse(readFileSync(new URL(`ui/node_modules/${name}/package.json`, root), 'utf8'));
  return [name, version, license];
});

const all = [...crates, ...page].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
writeFileSync(out, `[\n${all.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`);
