import { platformVerdicts } from './platformVerdicts.ts';

addEventListener('message', (event: MessageEvent<WebAssembly.Module>) => {
  platformVerdicts(event.data).then(
    (outcomes) => postMessage({ outcomes }),
    (error: unknown) => postMessage({ error: String(error) }),
  );
});
