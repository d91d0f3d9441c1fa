/** Child process: Segue as it runs in production, with its providers' addresses set to the fakes. */
import { readEnv } from '../../src/env.ts';
import { keepHeapSmall } from '../../src/heap.ts';
import { startApp } from '../../src/app.ts';

keepHeapSmall();
const app = await startApp(readEnv(process.env), { hasDemoPast: false });
process.on('message', (message: { id: number; question: 'stop' }) => {
  void app.stop().then(() => process.send?.({ id: message.id, value: true }));
});
process.on('SIGTERM', () => void app.stop().then(() => process.exit(0)));
process.send?.({ id: 0, value: { url: app.url } });
