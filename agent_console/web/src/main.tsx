/** The composition root: texts and session in parallel, then the page. */
import '@mantine/core/styles.css';
import './theme/tokens.css';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueryClient } from './api/queries';
import { App } from './app/App';
import { useDisplay } from './app/display';
import { startEarly } from './app/work';
import { startI18n, toUiLanguage } from './i18n';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const queries = makeQueryClient();
const texts = startI18n(useDisplay.getState().language ?? toUiLanguage(navigator.language));
void startEarly(queries);
void texts.then(() => {
  createRoot(root).render(
    <StrictMode>
      <App queries={queries} />
    </StrictMode>,
  );
});
