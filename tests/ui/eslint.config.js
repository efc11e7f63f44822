// How wad's JavaScript is judged, run from the root of the checkout by script/lint.
import js from '@eslint/js';
import globals from 'globals';

const strict = {
  ...js.configs.recommended.rules,
  eqeqeq: 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
};

// Text becomes neither markup nor code. The page's policy forbids it, too, but says so only when it happens.
const asText = (name) => ({
  selector: `AssignmentExpression > MemberExpression.left[property.name="${name}"]`,
  message: `${name} makes markup of text: use textContent, or make elements`,
});
const noMarkup = ['error', asText('innerHTML'), asText('outerHTML'), asText('srcdoc')];

export default [
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, rules: strict },
  {
    // The page for people: modules, as browsers load them.
    files: ['wad/web/ui/js/**'],
    languageOptions: { sourceType: 'module', ecmaVersion: 2022, globals: globals.browser },
    rules: { 'no-restricted-syntax': noMarkup, 'no-console': 'error' },
  },
  {
    // The page for trying out: a script beside Swagger UI's, which is none of ours. And nginx's page while wad is down.
    files: ['wad/web/docs/docs.js', 'etc/nginx/down/page.js'],
    languageOptions: { sourceType: 'script', ecmaVersion: 2022, globals: globals.browser },
    rules: { 'no-restricted-syntax': noMarkup, 'no-console': 'error' },
  },
  {
    // What wad runs in WhatsApp's page: one function expression to a file.
    files: ['wad/page/js/**'],
    languageOptions: { sourceType: 'script', ecmaVersion: 2022, globals: globals.browser },
  },
  {
    // The sandbox's page: scripts that share the loader's globals.
    files: ['wad/sandbox/page/**'],
    languageOptions: {
      sourceType: 'script',
      ecmaVersion: 2022,
      globals: { ...globals.browser, __d: 'readonly', require: 'readonly', importDefault: 'readonly' },
    },
  },
  {
    files: ['examples/**'],
    languageOptions: { sourceType: 'module', ecmaVersion: 2022, globals: { ...globals.browser, ...globals.node } },
  },
  {
    files: ['tests/ui/**'],
    languageOptions: { sourceType: 'module', globals: globals.node },
  },
];
