import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** The SIP library is named in one file; pages speak to each other through the shell, the live store and the api only. */
const onlyThroughThePhonePort = {
  paths: [{ name: 'jssip', message: 'Only src/phone/jssip_phone.ts knows JsSIP; everything else knows the Phone port.' }],
};

export default tseslint.config(
  { ignores: ['dist', 'public', 'node_modules'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['src/**/*.{ts,tsx}'],
    languageOptions: { globals: globals.browser, parserOptions: { projectService: true } },
    plugins: { 'react-hooks': hooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'no-restricted-imports': ['error', onlyThroughThePhonePort],
      // ESLint counts every `?.`, `??` and `&&` as a branch: 20 of them are about eight decisions.
      complexity: ['error', 20],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-params': ['error', 6],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['src/phone/jssip_phone.ts'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['*.{js,ts}', 'scripts/**'], ...tseslint.configs.disableTypeChecked, languageOptions: { globals: globals.node } },
);
