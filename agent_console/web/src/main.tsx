/** The composition root: styles, texts, then the page. */
import '@mantine/core/styles.css';
import './theme/tokens.css';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { useDisplay } from './app/display';
import { startI18n, toUiLanguage } from './i18n';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

void startI18n(useDisplay.getState().language ?? toUiLanguage(navigator.language)).then(() => {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
});
