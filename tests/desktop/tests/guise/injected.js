// What a script would try that had found its way into a window. Gives what worked: nothing should.
const worked = [];
const home = new URL(arguments0.listener);
const soon = (promise) => Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error('nothing came')), 2000))]);
const tried = async (name, attempt) => {
  try {
    const what = await soon(Promise.resolve().then(attempt));
    worked.push(what === undefined ? name : `${name}: ${JSON.stringify(what).slice(0, 200)}`);
  } catch {
    // Refused, as it should be.
  }
};
const loads = (element, source) =>
  new Promise((resolve, reject) => {
    element.onload = () => resolve(undefined);
    element.onerror = () => reject(new Error('refused'));
    Object.assign(element, source);
    document.body.append(element);
  });
const runs = (name, start) =>
  tried(name, async () => {
    window.__ran = false;
    await start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (!window.__ran) throw new Error('it did not run');
  });

// Text that becomes a program.
await runs('eval', () => (0, eval)('window.__ran = true'));
await runs('new Function', () => new Function('window.__ran = true')());
await runs('setTimeout of a text', () => setTimeout('window.__ran = true', 0));
await runs('a script in the page', () => {
  const script = document.createElement('script');
  script.textContent = 'window.__ran = true';
  document.body.append(script);
});
await runs('an attribute', () => {
  const image = document.createElement('img');
  image.setAttribute('onerror', 'window.__ran = true');
  image.src = 'x:';
  document.body.append(image);
});
await runs('a javascript: link', () => {
  const link = document.createElement('a');
  link.href = 'javascript:void(window.__ran = true)';
  document.body.append(link);
  link.click();
});
await tried('import of data', () => import('data:text/javascript,export default 1').then(() => undefined));
await tried('import from elsewhere', () => import(`${home}module.js`).then(() => undefined));
await tried('a script from elsewhere', () => loads(document.createElement('script'), { src: `${home}script.js` }));
await tried('a worker', async () => {
  const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])));
  await new Promise((resolve, reject) => ((worker.onmessage = resolve), (worker.onerror = reject)));
});

// Ways out.
await tried('fetch', () => fetch(`${home}fetch`, { mode: 'no-cors' }).then(() => undefined));
await tried('fetch of AWS', () => fetch('https://sts.amazonaws.com/', { mode: 'no-cors' }).then(() => undefined));
await tried('XMLHttpRequest', () => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.onload = () => resolve(undefined);
  request.onerror = reject;
  request.open('GET', `${home}xhr`);
  request.send();
}));
await tried('a web socket', () => new Promise((resolve, reject) => {
  const socket = new WebSocket(`ws://${home.host}/socket`);
  socket.onopen = () => resolve(undefined);
  socket.onerror = reject;
}));
await tried('an event stream', () => new Promise((resolve, reject) => {
  const stream = new EventSource(`${home}events`);
  stream.onopen = () => resolve(undefined);
  stream.onerror = reject;
}));
// A beacon says only that it was taken on: whether it came is seen at the listener.
try { navigator.sendBeacon(`${home}beacon`, 'x'); } catch { /* refused */ }
await tried('an image', () => loads(new Image(), { src: `${home}image.png` }));
await tried('a style', () => loads(document.createElement('link'), { rel: 'stylesheet', href: `${home}style.css` }));
await tried('a font', () => new FontFace('x', `url(${home}font.woff)`).load().then(() => undefined));
for (const [name, source] of [['elsewhere', { src: `${home}frame` }], ['a text', { srcdoc: '<script>parent.__ran = true</script>' }], ['data', { src: 'data:text/html,<p>x' }]]) {
  await tried(`a frame of ${name}`, async () => {
    window.__ran = false;
    const frame = document.createElement('iframe');
    await loads(frame, source);
    const text = frame.contentDocument?.body?.textContent ?? '';
    if (!window.__ran && text === '') throw new Error('it is empty');
  });
}
await tried('a form', async () => {
  const before = location.href;
  const form = document.createElement('form');
  form.action = `${home}form`;
  document.body.append(form);
  form.submit();
  await new Promise((resolve) => setTimeout(resolve, 300));
  if (location.href === before) throw new Error('still here');
});
await tried('window.open', () => {
  if (!window.open(`${home}opened`)) throw new Error('no window');
});
await tried('going elsewhere', async () => {
  const before = location.href;
  location.href = `${home}gone`;
  await new Promise((resolve) => setTimeout(resolve, 500));
  if (location.href === before) throw new Error('still here');
});

// Doors of the application.
const invoke = window.__TAURI_INTERNALS__.invoke;
if (window.__TAURI__ !== undefined) worked.push('window.__TAURI__ is there');
await Promise.all(arguments0.commands.map((command) => tried(`invoke ${command}`, () => invoke(command, arguments0.payload).then(() => undefined))));
for (const intent of arguments0.intents) await tried(`ask ${JSON.stringify(intent)}`, () => invoke('ask', { intent }).then((reply) => {
  if (reply.result === 'failed') throw new Error('refused');
  return reply;
}));

// What stays behind.
await tried('databases', async () => {
  const kept = (await indexedDB.databases?.()) ?? [];
  if (kept.length === 0) throw new Error('none');
  return kept;
});
for (const [name, kept] of [['localStorage', () => localStorage.length], ['sessionStorage', () => sessionStorage.length], ['cookies', () => document.cookie.length]]) {
  await tried(name, () => {
    if (kept() === 0) throw new Error('empty');
  });
}

// The proof that this script ran at all, and with the doors that a window has.
let answered = false;
const { transformCallback } = window.__TAURI_INTERNALS__;
try {
  const channel = { toJSON: () => `__CHANNEL__:${transformCallback(() => undefined)}` };
  await invoke('watch', { channel });
  answered = true;
} catch (error) {
  worked.push(`the page's own door is closed: ${error}`);
}
return { worked, answered, html: document.documentElement.outerHTML };
