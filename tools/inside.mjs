// What ships inside Guise: the packages that are linked into its programs on any system, and those of its pages. What was fetched
// for building is asked; no network is.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);

/** Each package's name, version, licence by its SPDX name, and folder, by name. */
export function inside() {
  const text = execFileSync('cargo', ['metadata', '--offline', '--locked', '--format-version', '1'], {
    cwd: fileURLToPath(root),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const { packages, resolve } = JSON.parse(text);
  const byId = new Map(packages.map((each) => [each.id, each]));
  const nodes = new Map(resolve.nodes.map((each) => [each.id, each]));

  // Neither what builds it nor what tests it.
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
    .map(({ name, version, license, manifest_path }) => ({ name, version, licence: license ?? 'see its licence file', folder: dirname(manifest_path) }));
  const page = ['svelte', '@tauri-apps/api'].map((name) => {
    const folder = fileURLToPath(new URL(`ui/node_modules/${name}`, root));
    const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    return { name, version, licence: license, folder };
  });
  return [...crates, ...page].sort(({ name: one }, { name: other }) => (one < other ? -1 : one > other ? 1 : 0));
}
