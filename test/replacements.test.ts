// What a bundler puts in place of the code counts as the code that runs: constants for names, other modules for specifiers, JSX options.

import { realpathSync, renameSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { stepsOfFiles } from '../transformer/analysis.js'
import { openInspector } from '../transformer/diagnostics.js'
import { openHost } from '../transformer/host.js'
import { openProject } from '../transformer/project.js'
import { NO_REPLACEMENTS, packAliases, type Replacements, replacementsId } from '../transformer/replacements.js'
import { openWorkbench, type Workbench } from './support/workbench.js'

const FILES = {
  'package.json': '{"type":"module"}',
  'tsconfig.json': '{"compilerOptions":{"target":"es2022","module":"nodenext","jsx":"preserve"}}',
  'src/one.ts': 'export const value = 1',
  'src/two.ts': 'export const value = 2',
  'src/deep.ts': `export const deep = () => FLAG${' - 1'.repeat(20000)}`,
  'node_modules/real/package.json': '{"name":"real","version":"1.0.0"}',
  'node_modules/other/package.json': '{"name":"other","version":"2.0.0"}',
}

/** The fingerprint of `step`, and what was told of it. */
function stampOf({ dir }: Workbench, replacements: Replacements): { fingerprint: string; told: string } {
  const root = realpathSync(dir)
  const project = openProject({ ts, root, replacements })
  const [steps] = [...stepsOfFiles(project, [path.join(root, 'src/step.tsx')]).values()]
  const diagnostics = openInspector(project).inspect(steps!)
  return { fingerprint: steps!.steps[0]!.fingerprint, told: diagnostics.map(({ code }) => code).join() }
}

function withStep<T>(code: string, use: (bench: Workbench) => T): T {
  const bench = openWorkbench()
  try {
    bench.write({ ...FILES, 'src/step.tsx': `import { memoize } from 'mintmark'\n${code}` })
    return use(bench)
  } finally {
    bench.remove()
  }
}

const step = (body: string, before = ''): string => `${before}\nexport const step = memoize(async (n: any) => ${body})`
// Vite's `import.meta.glob` gives the modules that a pattern names, by their paths.
const GLOBBED = step('all', "const all = import.meta.glob('./parts/{a,b,c}.*s')")
const GLOBS: readonly (readonly [name: string, isSame: boolean, edit: (bench: Workbench) => void, code?: string])[] = [
  ['the code of a module', false, (b) => b.edit('src/parts/a.ts', '1', '2')],
  ['code behind it', false, (b) => b.edit('src/behind.ts', '1', '2')],
  ['a comment in it', true, (b) => b.edit('src/parts/a.ts', '1', '1 /* one */')],
  [
    'a comment in what counts by content',
    false,
    (b) => b.edit('src/parts/a.ts', '1', '1 /* one */'),
    step('all', "const all = import.meta.glob('./parts/a.ts', { query: '?raw' })"),
  ],
  ['a further module', false, (b) => b.write({ 'src/parts/c.mts': '' })],
  ['a file that is no match', true, (b) => b.write({ 'src/parts/d.ts': '' })],
  ['another name for a module', false, (b) => renameSync(path.join(b.dir, 'src/parts/b.ts'), path.join(b.dir, 'src/parts/c.ts'))],
  [
    'what one of several patterns names',
    false,
    (b) => b.edit('src/two.ts', '2', '3'),
    step('all', "const all = import.meta.glob(['./parts/*.ts', './two.ts'], { eager: true })"),
  ],
  [
    'what a pattern leaves out',
    true,
    (b) => b.edit('src/parts/b.ts', '1', '2'),
    step('all', "const all = import.meta.glob(['./parts/*.ts', '!**/b.ts', '!./parts/b.ts'])"),
  ],
]
for (const [name, isSame, edit, code = GLOBBED] of GLOBS)
  test(`import.meta.glob: ${name} ${isSame ? 'keeps' : 'changes'}`, () =>
    withStep(code, (bench) => {
      bench.write({
        'src/parts/a.ts': "import { b } from '../behind.js'\nexport const a = b + 1",
        'src/parts/b.ts': 'export const b = 1',
        'src/behind.ts': 'export const b = 1',
      })
      const before = stampOf(bench, NO_REPLACEMENTS)
      edit(bench)
      assert.equal([before.told, stampOf(bench, NO_REPLACEMENTS).fingerprint === before.fingerprint], ['', isSame])
    }))

test('a glob in parentheses, as a template or of something else is told no more than it must', () => {
  for (const code of [
    "import.meta.glob(('./parts/*.ts'))",
    'import.meta.glob(`./parts/*.ts`)',
    "import.meta.glob((['./parts/*.ts']))",
    'n.glob(n, import.meta.url)',
  ])
    withStep(step(code), (bench) => assert.is(stampOf(bench, NO_REPLACEMENTS).told, '', code))
})

for (const given of [
  "'./*.ts', { exhaustive: true }",
  "'/src/*.ts'",
  'n',
  "['./a.ts', n]",
  "'./*.ts', n",
  "'./*.ts', { base: './x' }",
  "'./*.ts', { ...n }",
])
  test(`import.meta.glob(${given}) is told`, () =>
    withStep(step(`import.meta.glob(${given})`), (b) => assert.is(stampOf(b, NO_REPLACEMENTS).told, 'MM1002')))

for (const given of ["require.context('./parts')", "import.meta.webpackContext('./parts')"])
  test(`${given} is told`, () => withStep(step(given), (b) => assert.is(stampOf(b, NO_REPLACEMENTS).told, 'MM1002')))

const defines = (given: Readonly<Record<string, string>>): Replacements => ({ ...NO_REPLACEMENTS, defines: given })

const DEFINES: readonly (readonly [
  name: string,
  code: string,
  before: Record<string, string>,
  after: Record<string, string>,
  isSame: boolean,
])[] = [
  ['a constant that a step reads', step('FLAG'), { FLAG: '1' }, { FLAG: '2' }, false],
  ['one that it did not know before', step('FLAG'), {}, { FLAG: '2' }, false],
  ['one that browsers have, too', step('status'), { status: '1' }, { status: '2' }, false],
  ['one behind a helper', step('f()', 'const f = () => FLAG'), { FLAG: '1' }, { FLAG: '2' }, false],
  ['one that nothing reads', step('n'), { FLAG: '1' }, { FLAG: '2' }, true],
  ['one that something else reads', step('n', 'export const f = () => FLAG'), { FLAG: '1' }, { FLAG: '2' }, true],
  ['a name that the module binds', step('FLAG', 'const FLAG = 0'), { FLAG: '1' }, { FLAG: '2' }, true],
  ['a name that is a parameter', step('((FLAG) => FLAG)(n)'), { FLAG: '1' }, { FLAG: '2' }, true],
  ['a property of that name', step('n.FLAG'), { FLAG: '1' }, { FLAG: '2' }, true],
  ['one in short', step('({ FLAG })'), { FLAG: '1' }, { FLAG: '2' }, false],
  ['one that is asked for its type', step('typeof FLAG'), { FLAG: '1' }, { FLAG: '2' }, false],
  ['one that is declared', step('FLAG', 'declare const FLAG: number'), { FLAG: '1' }, { FLAG: '2' }, false],
  ['a member', step('process.env.A'), { 'process.env.A': '1' }, { 'process.env.A': '2' }, false],
  ['a member in brackets', step("process.env['A']"), { 'process.env.A': '1' }, { 'process.env.A': '2' }, false],
  ['a member with types around it', step('(process as any).env!.A'), { 'process.env.A': '1' }, { 'process.env.A': '2' }, false],
  ['another member', step('process.env.B'), { 'process.env.A': '1' }, { 'process.env.A': '2' }, true],
  ['a member of a member', step('import.meta.env.A.length'), { 'import.meta.env.A': '1' }, { 'import.meta.env.A': '2' }, false],
  ['the whole, where a member is computed', step('import.meta.env[n]'), { 'import.meta.env': '{}' }, { 'import.meta.env': '{a:1}' }, false],
  [
    'the whole, taken apart',
    step('{ const { A } = import.meta.env; return A }'),
    { 'import.meta.env': '{}' },
    { 'import.meta.env': '{a:1}' },
    false,
  ],
  [
    'the whole, where a member has its own',
    step('import.meta.env.A'),
    { 'import.meta.env': '{}', 'import.meta.env.A': '1' },
    { 'import.meta.env': '{a:1}', 'import.meta.env.A': '1' },
    true,
  ],
  ['a global object', step('globalThis.FLAG'), { 'globalThis.FLAG': '1' }, { 'globalThis.FLAG': '2' }, false],
  ['one in code that is nested too deep', step('deep()', "import { deep } from './deep.js'"), { FLAG: '1' }, { FLAG: '2' }, false],
]
for (const [name, code, before, after, isSame] of DEFINES)
  test(`defines: ${name} ${isSame ? 'keeps' : 'changes'}`, () =>
    withStep(code, (bench) => {
      const [first, second] = [before, after].map((given) => stampOf(bench, defines(given)).fingerprint)
      assert.is(first === second, isSame)
    }))

test('what is defined is no more read from the environment', () =>
  withStep(step('[process.env.A, import.meta.env.B, import.meta.env.C]'), (bench) => {
    assert.is(stampOf(bench, NO_REPLACEMENTS).told, 'MM1004,MM1004,MM1004')
    assert.is(stampOf(bench, defines({ 'process.env.A': '1', 'import.meta.env.B': '2' })).told, 'MM1004')
    assert.is(stampOf(bench, defines({ 'process.env.A': '1', 'import.meta.env': '{}' })).told, '')
  }))

const ALIASES: readonly (readonly [name: string, specifier: string, aliases: (dir: string) => Replacements['aliases'], as: string])[] = [
  ['a name', 'lib', (dir) => [{ find: 'lib', to: `${dir}/src/two.ts` }], './two.js'],
  ['what follows a name', 'lib/two', (dir) => [{ find: 'lib', to: `${dir}/src` }], './two.js'],
  ['a pattern', '@two', (dir) => [{ find: /^@/, to: `${dir}/src/` }], './two.js'],
  ['a package for a package', 'real', () => [{ find: 'real', to: 'other' }], 'other'],
  [
    'the first that fits',
    'lib',
    (dir) => [
      { find: 'lib', to: 'other' },
      { find: 'lib', to: dir },
    ],
    'other',
  ],
  ['an exact name', 'real', () => [{ find: 'real', to: 'other', isExact: true }], 'other'],
  ['nothing below an exact name', 'real/x', () => [{ find: 'real', to: 'other', isExact: true }], 'real/x'],
  ['nothing that only begins alike', 'real', () => [{ find: 'rea', to: 'other' }], 'real'],
  ['an exact name of webpack', 'real', () => packAliases({ real$: 'other' }, '/'), 'other'],
  ['a list of webpack', 'real', () => packAliases([{ name: 'real', alias: ['other', 'x'] }], '/'), 'other'],
  ['a path from the folder', 'real', (dir) => packAliases({ real: './src/two.ts' }, dir), './two.js'],
  ['what is below a name of webpack', 'lib/two', (dir) => packAliases({ lib: `${dir}/src` }, '/'), './two.js'],
  ['a name of webpack alone', 'real/x', () => packAliases([{ name: 'real', alias: 'other', onlyModule: true }], '/'), 'real/x'],
  ['no name, where webpack has none', 'real', () => packAliases(undefined, '/'), 'real'],
  ['what webpack leaves out', 'real', () => packAliases({ real: false }, '/'), 'real'],
]
for (const [name, specifier, aliases, as] of ALIASES)
  test(`aliases: ${name} leads where it leads`, () => {
    const code = (from: string): string => step('value', `import { value } from '${from}'`)
    const plain = withStep(code(as), (bench) => stampOf(bench, NO_REPLACEMENTS).fingerprint)
    withStep(code(specifier), (bench) => assert.is(stampOf(bench, { ...NO_REPLACEMENTS, aliases: aliases(bench.dir) }).fingerprint, plain))
  })

const IDS: readonly (readonly [name: string, one: Partial<Replacements>, other: Partial<Replacements>, isSame: boolean])[] = [
  ['another value', { defines: { A: '1' } }, { defines: { A: '2' } }, false],
  ['another order', { defines: { A: '1', B: '2', C: '3' } }, { defines: { C: '3', A: '1', B: '2' } }, true],
  ['one alias and one constant, and none', { defines: { A: '1' }, aliases: [{ find: 'a', to: 'b' }] }, {}, false],
  ['an alias for something else', { aliases: [{ find: 'a', to: 'b' }] }, { aliases: [{ find: 'a', to: 'c' }] }, false],
  ['an exact alias', { aliases: [{ find: 'a', to: 'b' }] }, { aliases: [{ find: 'a', to: 'b', isExact: true }] }, false],
  ['JSX options alone', { jsx: { isAutomatic: true } }, {}, false],
]
for (const [name, one, other, isSame] of IDS)
  test(`answers are kept apart: ${name} ${isSame ? 'keeps' : 'changes'} the id`, () => {
    const [a, b] = [one, other].map((given) => replacementsId({ ...NO_REPLACEMENTS, ...given }))
    assert.is(a === b, isSame)
  })

test('without replacements answers are those of hosts that have none', () => {
  assert.is(replacementsId(NO_REPLACEMENTS), '')
})

test('answers that are kept are those of the same replacements', () =>
  withStep(step('FLAG'), (bench) => {
    const kept = (given: Record<string, string>): string => {
      const host = openHost({ cwd: bench.dir, replacements: defines(given) })
      const { code } = host.stamp(path.join(bench.dir, 'src/step.tsx'))!
      host.save()
      return code
    }
    const codes = [{ FLAG: '1' }, { FLAG: '2' }, { FLAG: '1' }].map(kept)
    assert.is(codes[0], codes[2])
    assert.is.not(codes[0], codes[1])
  }))

const JSX = { isAutomatic: true, jsxImportSource: 'real' }
for (const [name, tsconfig, isSame] of [
  ['count where the tsconfig has none', '{}', false],
  ['count for nothing where it has its own', '{"compilerOptions":{"jsx":"react-jsx","jsxImportSource":"other"}}', true],
] as const)
  test(`JSX options of the bundler ${name}`, () =>
    withStep(step('<p/>'), (bench) => {
      bench.write({ 'tsconfig.json': tsconfig })
      const [before, after] = [NO_REPLACEMENTS, { ...NO_REPLACEMENTS, jsx: JSX }].map((given) => stampOf(bench, given).fingerprint)
      assert.is(before === after, isSame)
    }))

test.run()
