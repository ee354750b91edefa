// Shows the window that the page's address names, on the agent behind it.
import { mount, type Component } from 'svelte';
import type { Backend } from './backend';
import { tauriBackend } from './backend.tauri';
import Guide from './guide/Guide.svelte';
import Manager from './manager/Manager.svelte';
import Prompt from './prompt/Prompt.svelte';
import Switcher from './switcher/Switcher.svelte';
import { larger } from './larger';
import './tokens.css';
import './base.css';
import './rows.css';

const windows = new Map<string, Component<{ backend: Backend }>>([
  ['manager', Manager],
  ['switcher', Switcher],
  ['prompt', Prompt],
  ['guide', Guide],
]);

async function backend(address: URLSearchParams): Promise<Backend> {
  // In an ordinary browser, while developing: example data. A build leaves this branch and its files out.
  if (import.meta.env.DEV && !('__TAURI_INTERNALS__' in window)) {
    const { exampleBackend } = await import('./fake/named');
    return exampleBackend(address.get('example') ?? 'usual', Number(address.get('takes') ?? 900));
  }
  return tauriBackend;
}

const address = new URLSearchParams(location.search);
const name = address.get('window') ?? 'manager';
document.addEventListener('keydown', larger);
const target = document.getElementById('window');
if (target) mount(windows.get(name) ?? Manager, { target, props: { backend: await backend(address) } });
