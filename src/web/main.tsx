import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import '@fontsource-variable/instrument-sans/wght.css';
import '@fontsource-variable/fraunces/opsz.css';
import './theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { noteOutdated } from './connection-state.ts';

// A part of the page that is no longer there: the server was upgraded since this page was loaded.
window.addEventListener('vite:preloadError', (event) => {
  event.preventDefault();
  noteOutdated();
});

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no place for the dashboard');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
