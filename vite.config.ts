import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The dashboard. `npx vite` serves it with hot reload beside a Segue on port 3000;
 * `scripts/build-web.ts` builds what Segue itself serves.
 */
export default defineConfig({
  root: 'src/web',
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/api', '/sandbox', '/sign-in/', '/s/', '/c/'].map((path) => [path, 'http://127.0.0.1:3000']),
    ),
  },
  build: {
    target: 'es2023',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
  },
});
