import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'out/', 'coverage/', '*.config.js', '*.mjs', 'docs/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers in messages are the point of a message.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A default is said on purpose: most parts have to do with a few facts only, and a new one must not touch them all.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    // An index proven by the loop around it reads better with `!` in the tight loops of the simulator and in tests.
    files: [
      'sim/**',
      'data/**',
      'fakes/**',
      'report/**',
      'check/**',
      'test/**',
      'bench/**',
      'src/block/explore.ts',
      'src/block/compiled.ts',
    ],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
