// What is inside Guise, by name: name, version, licence. Written by tools/packages.mjs.
import list from './packages.json';

export const packages = list as [string, string, string][];
