// Edits of several modules that cannot change what an export does: place (K4), neighbours (K5), layout of JSON (K6), the build (K7).

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FORMAT } from '../runtime/contract.js'
import { type At, changed, differs, type Files, fingerprint, fingerprints, same, typescript } from './support/fingerprints.js'

const ONE = { 'a.ts': 'function g(x) { return x + 1 } export const f = (x) => g(x)' }
const TWO = { 'a.ts': `import { g } from './b.js'; export const f = (x) => g(x)`, 'b.ts': 'export function g(x) { return x + 1 }' }
const a = (text: string) => ({ ...TWO, 'a.ts': text })

const MEMBERS = 'export enum E { A = 1, B }; export const T = { x: 1, m: (x) => x }'
const PLACE: readonly (readonly [name: string, a: Files, b: Files, at?: readonly [At, At]])[] = [
  ['a helper moved to another module', ONE, TWO],
  [
    'the function itself moved',
    TWO,
    { 'src/x/y.ts': `import { g } from '../../b.js'; export const f = (x) => g(x)`, 'b.ts': TWO['b.ts'] },
    ['a.ts#f', 'src/x/y.ts#f'],
  ],
  ['a file renamed', TWO, { 'a.ts': `import { g } from './c.js'; export const f = (x) => g(x)`, 'c.ts': TWO['b.ts'] }],
  ['a file renamed to another kind', TWO, { 'a.ts': `import { g } from './b.mjs'; export const f = (x) => g(x)`, 'b.mts': TWO['b.ts'] }],
  ['a TypeScript file or a JavaScript one', TWO, { 'a.ts': TWO['a.ts'], 'b.js': TWO['b.ts'] }],
  ['re-exported', TWO, { ...a(`import { g } from './c.js'; export const f = (x) => g(x)`), 'c.ts': `export { g } from './b.js'` }],
  [
    're-exported under another name',
    TWO,
    { ...a(`import { h } from './c.js'; export const f = (x) => h(x)`), 'c.ts': `export { g as h } from './b.js'` },
  ],
  [
    're-exported as default',
    TWO,
    { ...a(`import h from './c.js'; export const f = (x) => h(x)`), 'c.ts': `export { g as default } from './b.js'` },
  ],
  [
    'imported and then exported',
    TWO,
    { ...a(`import { h } from './c.js'; export const f = (x) => h(x)`), 'c.ts': `import { g } from './b.js'; export { g as h }` },
  ],
  [
    'a `var` of TypeScript or of JavaScript',
    { 'a.ts': `import { g } from './b.js'; export const f = () => g`, 'b.ts': 'export var g = Date.now()' },
    { 'a.ts': `import { g } from './b.js'; export const f = () => g`, 'b.js': 'export var g = Date.now()' },
  ],
  ['packages imported in another order', a(`import 'p'; import 'q'; ${TWO['a.ts']}`), a(`import 'q'; import 'p'; ${TWO['a.ts']}`)],
  ['behind a barrel', TWO, { ...a(`import { g } from './index.js'; export const f = (x) => g(x)`), 'index.ts': `export * from './b.js'` }],
  [
    'behind two barrels',
    TWO,
    {
      ...a(`import { g } from './i.js'; export const f = (x) => g(x)`),
      'i.ts': `export * from './j/index.js'`,
      'j/index.ts': `export * from '../b.js'`,
    },
  ],
  [
    'behind barrels that name each other',
    TWO,
    {
      ...a(`import { g } from './i.js'; export const f = (x) => g(x)`),
      'i.ts': `export * from './j.js'`,
      'j.ts': `export * from './i.js'; export * from './b.js'`,
    },
  ],
  ['an import alias', TWO, a(`import { g as h } from './b.js'; export const f = (x) => h(x)`)],
  ['a namespace import', TWO, a(`import * as b from './b.js'; export const f = (x) => b.g(x)`)],
  ['a namespace import with a quoted member', TWO, a(`import * as b from './b.js'; export const f = (x) => b['g'](x)`)],
  [
    'members of what a namespace import has',
    { 'a.ts': `import { E, T } from './b.js'; export const f = (x) => [E.A, T.x, E.B, T.m(x), T?.x]`, 'b.ts': MEMBERS },
    { 'a.ts': `import * as b from './b.js'; export const f = (x) => [b.E.A, b['T'].x, (b.E).B, b.T.m(x), b.T?.x]`, 'b.ts': MEMBERS },
  ],
  [
    'a default import',
    TWO,
    { 'a.ts': `import g from './b.js'; export const f = (x) => g(x)`, 'b.ts': 'export default function g(x) { return x + 1 }' },
  ],
  [
    'a default import of a function without a name',
    TWO,
    { 'a.ts': `import g from './b.js'; export const f = (x) => g(x)`, 'b.ts': 'export default function (x) { return x + 1 }' },
  ],
  [
    'a default export by name',
    TWO,
    { 'a.ts': `import g from './b.js'; export const f = (x) => g(x)`, 'b.ts': 'function g(x) { return x + 1 } export default g' },
  ],
  [
    'an import of the exports object',
    TWO,
    { 'a.ts': `import g = require('./b.js'); export const f = (x) => g(x)`, 'b.ts': 'function g(x) { return x + 1 } export = g' },
  ],
  ['an import with an attribute of type', TWO, a(`import { type T, g } from './b.js'; export const f = (x: T) => g(x)`)],
  ['a relative path without its ending', TWO, a(`import { g } from './b'; export const f = (x) => g(x)`)],
  ['a relative path with its ending', TWO, a(`import { g } from './b.ts'; export const f = (x) => g(x)`)],
  ['a relative path the long way', TWO, a(`import { g } from './x/../b.js'; export const f = (x) => g(x)`)],
  ['the index of a folder', TWO, { 'a.ts': `import { g } from './b'; export const f = (x) => g(x)`, 'b/index.ts': TWO['b.ts'] }],
  ['the index of this folder', TWO, { 'a.ts': `import { g } from '.'; export const f = (x) => g(x)`, 'index.ts': TWO['b.ts'] }],
  [
    'a path alias',
    TWO,
    {
      ...a(`import { g } from '@/b'; export const f = (x) => g(x)`),
      'tsconfig.json': '{"compilerOptions": {"paths": {"@/*": ["./*"]}, "module": "esnext", "moduleResolution": "bundler"}}',
    },
  ],
  [
    'an import by `imports` of package.json',
    TWO,
    {
      ...a(`import { g } from '#b'; export const f = (x) => g(x)`),
      'package.json': '{"imports": {"#b": "./b.ts"}}',
      'tsconfig.json': '{"compilerOptions": {"module": "esnext", "moduleResolution": "bundler"}}',
    },
  ],
  [
    'node: before the name of a built-in module',
    { 'a.ts': `import { join } from 'path'; export const f = join` },
    { 'a.ts': `import { join as j } from 'node:path'; export const f = j` },
    ['a.ts#f', 'a.ts#f'],
  ],
  [
    'order of imports',
    {
      ...TWO,
      'c.ts': 'export const c = 1',
      'a.ts': `import { g } from './b.js'; import { c } from './c.js'; export const f = (x) => g(c)`,
    },
    {
      ...TWO,
      'c.ts': 'export const c = 1',
      'a.ts': `import { c } from './c.js'; import { g } from './b.js'; export const f = (x) => g(c)`,
    },
  ],
  [
    'order of imports that run something',
    { 'a.ts': `import './b.js'; import './c.js'; export const f = 1`, 'b.ts': 'console.log(1)', 'c.ts': 'console.log(2)' },
    { 'a.ts': `import './c.js'; import './b.js'; export const f = 1`, 'b.ts': 'console.log(1)', 'c.ts': 'console.log(2)' },
  ],
  [
    'order of function declarations',
    { 'a.ts': 'function g() { return h() } function h() { return 1 } export function f() { return g() }' },
    { 'a.ts': 'export function f() { return g() } function h() { return 1 } function g() { return h() }' },
  ],
  [
    'order of constants, classes and enums',
    { 'a.ts': 'const g = 1; class H {} enum E { A } export const f = () => [g, new H(), E.A]' },
    { 'a.ts': 'enum E { A } export const f = () => [g, new H(), E.A]; class H {} const g = 1' },
  ],
  [
    'mutual recursion across modules or within one',
    { 'a.ts': 'function g(n) { return n ? h(n - 1) : 0 } function h(n) { return n ? g(n - 1) : 1 } export const f = () => g(3)' },
    {
      'a.ts': `import { g } from './b.js'; export const f = () => g(3)`,
      'b.ts': `import { h } from './c.js'; export function g(n) { return n ? h(n - 1) : 0 }`,
      'c.ts': `import { g } from './b.js'; export function h(n) { return n ? g(n - 1) : 1 }`,
    },
  ],
  [
    'where a recursion is entered from',
    { 'a.ts': 'function g(n) { return n && h(n) } function h(n) { return n || g(n) } export const f = g' },
    {
      'a.ts': `import { g } from './b.js'; export const f = g`,
      'b.ts': `import { h } from './a2.js'; export function g(n) { return n && h(n) }`,
      'a2.ts': `import { g } from './b.js'; export function h(n) { return n || g(n) }`,
    },
  ],
  [
    'Windows line ends in every file',
    TWO,
    Object.fromEntries(Object.entries(TWO).map(([file, text]) => [file, text.replaceAll('; ', ';\r\n')])),
  ],
  [
    'JSX and how it is laid out',
    { 'a.tsx': 'export const f = () => <a b="c" d={1}>text<b /></a>' },
    { 'a.tsx': `export const f = () => (\n  <a\n    b='c'\n    d={1}\n  >\n    text\n    <b></b>\n    {/* nothing */}\n  </a>\n)` },
    ['a.tsx#f', 'a.tsx#f'],
  ],
  [
    'JSX entities and line ends',
    { 'a.tsx': 'export const f = () => <a>x &amp; y&#65;</a>' },
    { 'a.tsx': 'export const f = () => <a>\r\n  x &#38; y&#x41;\r\n</a>' },
    ['a.tsx#f', 'a.tsx#f'],
  ],
]
for (const [i, [name, x, y, at]] of PLACE.entries()) test(`K4.${i + 1} ${name}`, () => same(x, y, at ?? 'a.ts#f'))

const NEIGHBOURS = {
  'a.ts': `import * as b from './b.js'
import type { T } from './c.js'
export const f = () => b.x
export function g(): T { return b.y }
export class h { static s = 1; m() { return g() } }
export const n = 1
export enum e { A = 1 }
export const m = new Map([[1, 2]])
export const p = /* @__PURE__ */ g()`,
  'b.ts': 'export const x = 1, y = 2',
  'c.ts': 'export interface T {}\nexport const c = 1\nconsole.log(c)',
  'd.ts': `import { f } from './a.js'; f.extra = 1; export const d = 1`,
}
const edit = (file: keyof typeof NEIGHBOURS, from: string, to: string) => ({ [file]: NEIGHBOURS[file].replace(from, to) })
const ALONE: readonly (readonly [name: string, edit: Readonly<Record<string, string | undefined>>, changed: readonly At[]])[] = [
  ['a function', edit('a.ts', 'return b.y', 'return 1 + b.y'), ['a.ts#g', 'a.ts#h', 'a.ts#p']],
  ['a class', edit('a.ts', 's = 1', 's = 2'), ['a.ts#h']],
  ['a constant', edit('a.ts', 'n = 1', 'n = 2'), ['a.ts#n']],
  ['an enum', edit('a.ts', 'A = 1', 'A = 2'), ['a.ts#e']],
  ['a container', edit('a.ts', '[1, 2]', '[1, 3]'), ['a.ts#m']],
  ['a member of a namespace import', edit('b.ts', 'x = 1', 'x = 2'), ['a.ts#f', 'b.ts#x', 'd.ts#d']],
  ['another member of a namespace import', edit('b.ts', 'y = 2', 'y = 3'), ['a.ts#g', 'a.ts#h', 'a.ts#p', 'b.ts#y']],
  ['a module that is imported for its types', edit('c.ts', 'console.log(c)', 'console.log(2)'), ['c.ts#c']],
  ['a module that nobody imports, even if it writes here', edit('d.ts', 'extra = 1', 'extra = 2'), ['d.ts#d']],
  ['a new export', edit('a.ts', 'export const n', 'export const k = 3; export const n'), ['a.ts#k']],
  ['a new type', edit('a.ts', 'export const n', 'export type K = T; export const n'), []],
  ['an unused import', edit('a.ts', 'export const n', `import { c } from './c.js'; export const n`), []],
  ['a directive', edit('a.ts', 'import *', `'use client'\nimport *`), []],
  ['a pure statement', edit('a.ts', 'export const n', 'n; export const n'), []],
]
for (const [i, [name, change, expected]] of ALONE.entries())
  test(`K5.${i + 1} only what reaches it changes: ${name}`, () => assert.equal(changed(NEIGHBOURS, change), expected))

test('K5 a value that nobody uses and that only reads what the language has', () => {
  const members = [
    'Array.of',
    'RegExp.escape',
    'Map.groupBy',
    'Object.keys',
    'Object.prototype.toString',
    'Symbol.iterator',
    'Math.PI',
    'Reflect.get',
    'JSON.parse',
    'console.log',
    'Uint8Array.of',
    'Int16Array.from',
    'process.env.NODE_ENV',
  ]
  const files = (names: readonly string[]) => ({
    'a.ts': `${names.map((name, i) => `const x${i} = ${name}`).join('\n')}\nexport const f = 1`,
  })
  for (const member of members) assert.equal(changed(files([]), files([member])), [], member)
  for (const member of ['Array.from.prototype.x', 'process.env.OTHER', 'env.NODE_ENV'])
    assert.equal(changed(files([]), files([member])), ['a.ts#f'], member)
})

test('K1 what is still being typed is read as far as it goes', () => {
  for (const text of [
    'export *',
    'export {',
    'import',
    'import x from',
    'class',
    'class {',
    'const',
    'enum',
    'namespace',
    'export default',
    'import x =',
    '@',
    'f(',
    '<a>',
    '`${',
    'export const { a = ',
  ])
    assert.ok(Object.keys(fingerprints(`export const f = 1\n${text}`)).includes('a.ts#f'), text)
})

test('K5 a package that says sideEffects: false is not evaluated for nothing', () => {
  const files = (flag: string, text: string) => ({
    'a.ts': `import { x, y } from './b.js'; export const f = () => x; export const g = () => y`,
    'b.ts': `export { x } from './c.js'; export const y = 1`,
    'c.ts': text,
    'package.json': `{"sideEffects": ${flag}}`,
  })
  const one = 'export const x = 1; console.log(1)'
  const two = 'export const x = 1; console.log(2)'
  assert.equal(changed(files('false', one), files('false', two)), ['a.ts#f', 'c.ts#x'])
  assert.equal(changed(files('true', one), files('true', two)), ['a.ts#f', 'a.ts#g', 'b.ts#y', 'c.ts#x'])
  assert.equal(changed(files('["c.ts"]', one), files('["c.ts"]', two)), ['a.ts#f', 'a.ts#g', 'b.ts#y', 'c.ts#x'])
  assert.equal(changed(files('[true, "*.css"]', one), files('[true, "*.css"]', two)), ['a.ts#f', 'c.ts#x'])
  assert.equal(changed(files('["*.css"]', one), files('["*.css"]', two)), ['a.ts#f', 'c.ts#x'])
})

// Of modules free of effects, bundlers evaluate those that hand something on by name, not those that only let it pass.
const NAMED = `import { x } from './c.js'; export const f = () => x()`
const HANDED: readonly (readonly [name: string, a: string, c: string, isFelt: boolean])[] = [
  ['export from', NAMED, `export { x } from './d.js'`, true],
  ['an import that is exported', NAMED, `import { x } from './d.js'; export { x }`, true],
  ['export from, twice', `import { x } from './e.js'; export const f = () => x()`, `export { x } from './d.js'`, true],
  ['another name of an import', NAMED, `import { x as y } from './d.js'; export const x = y`, true],
  ['export * as', `import { n } from './c.js'; export const f = () => n.x()`, `export * as n from './d.js'`, true],
  ['a namespace import', `import * as c from './c.js'; export const f = () => c.x()`, `export { x } from './d.js'`, true],
  ['export *', NAMED, `export * from './d.js'`, false],
  ['an import that nothing uses', `import { x } from './c.js'; export const f = () => 1, g = x`, `export { x } from './d.js'`, false],
]
for (const [name, a, c, isFelt] of HANDED)
  test(`K5 what a module free of effects does counts where it hands something on by name: ${name}`, () => {
    const files = {
      'package.json': '{"sideEffects": false}',
      'a.ts': a,
      'c.ts': `${c}; effect(1)`,
      'd.ts': 'export function x() { return g() }',
      'e.ts': "export { x } from './c.js'",
    }
    assert.is(changed(files, { 'c.ts': `${c}; effect(2)` }).includes('a.ts#f'), isFelt)
  })

// A module that is loaded late is evaluated as one: bundlers leave out less of what it imports.
const LATE: readonly (readonly [name: string, a: string, b: string, c: string, isFelt: boolean])[] = [
  ['export * of what it uses', `import('./b.js')`, `export { x } from './c.js'`, `export * from './d.js'; export * from './e.js'`, true],
  ['export * of what it imports by name', `import('./b.js')`, NAMED, `export * from './d.js'; export * from './e.js'`, true],
  ['export * by require', `require('./b.js')`, NAMED, `export * from './d.js'; export * from './e.js'`, true],
  [
    'export * of what is handed on twice',
    `import('./b.js')`,
    `export { x } from './y.js'`,
    `export * from './d.js'; export * from './e.js'`,
    true,
  ],
  ['export *, far behind', `import('./b.js')`, `export { f } from './z.js'`, `export * from './d.js'; export * from './e.js'`, true],
  ['what lets something pass', `import('./b.js')`, NAMED, `export * from './d.js'; effect(1)`, true],
  ['export of another name', `import('./b.js')`, NAMED, `export { x } from './d.js'; export { y } from './e.js'`, false],
  ['export * under another name', `import('./b.js')`, `export { x } from './w.js'`, `export * from './d.js'; export * from './e.js'`, true],
  ['export *, in a circle', `import('./b.js')`, `import './b.js'; ${NAMED}`, `export * from './d.js'; export * from './e.js'`, true],
  ['an import that nothing uses', `import('./b.js')`, `import { x } from './c.js'; const g = x`, `effect(1)`, false],
  ['export *, loaded at once', `b.f`, NAMED, `export * from './d.js'; export * from './e.js'`, false],
]
for (const [name, a, b, c, isFelt] of LATE)
  test(`C2 what a module free of effects does counts where it comes in late: ${name}`, () => {
    const files = {
      'package.json': '{"sideEffects": false}',
      'a.ts': `import * as b from './b.js'; export const f = () => ${a}`,
      'b.ts': b,
      'c.ts': c,
      'd.ts': 'export function x() { return g() }',
      'e.ts': 'export const y = 1; effect(1)',
      'y.ts': `export { x } from './c.js'`,
      'w.ts': `export * from './v.js'`,
      'v.ts': `export { y as x } from './u.js'`,
      'u.ts': `export { x as y } from './c.js'`,
      'z.ts': NAMED,
    }
    const edit = { 'c.ts': c.replace('effect(1)', 'effect(2)'), 'e.ts': 'export const y = 1; effect(2)' }
    assert.is(changed(files, edit).includes('a.ts#f'), isFelt)
  })

test('K5 what is handed on several times counts with all who do', () => {
  const files = (effect: number) => ({
    'package.json': '{"sideEffects": false}',
    'a.ts': NAMED,
    'c.ts': `export { x } from './e.js'`,
    'e.ts': `export { x } from './d.js'; effect(${effect})`,
    'd.ts': 'export function x() { return g() }',
  })
  differs(files(1), files(2), 'a.ts#f')
})

test('K5 a module free of effects is not evaluated for a constant of an enum', () => {
  const files = (use: string, effect: number) => ({
    'package.json': '{"sideEffects": false}',
    'a.ts': `import { E } from './e.js'; export const f = () => ${use}`,
    'e.ts': `export enum E { A, B }; effect(${effect})`,
  })
  same(files('E.A', 1), files('E.A', 2), 'a.ts#f')
  differs(files('E', 1), files('E', 2), 'a.ts#f')
  const free = { 'package.json': '{}' }
  differs({ ...files('E.A', 1), ...free }, { ...files('E.A', 2), ...free }, 'a.ts#f')
})

test('K5 another name of an import counts with what its own module does', () => {
  const files = { 'a.ts': `import { g } from './b.js'; effect(1); export const f = g`, 'b.ts': 'export const g = () => 1' }
  assert.equal(changed(files, { 'a.ts': files['a.ts'].replace('1', '2') }), ['a.ts#f'])
})

// The open world evaluates modules, and evaluating one binds all that it imports, whoever uses it.
const OUTSIDE = {
  'a.ts': `import { x } from 'absent'; import { join } from 'node:path'
export const f = () => x + join('a'); export const g = () => 1`,
  'b.ts': `import { x } from 'absent'; export const h = () => x; export const i = () => 2`,
}
const other = (text: string) => ({ 'a.ts': OUTSIDE['a.ts'].replace('() => 1', text) })
const importing = (names: string, module: string, text: string) => ({
  'a.ts': other(text)['a.ts'].replace(/^/, `import { ${names} } from '${module}'; `),
})
const IN_A: readonly At[] = ['a.ts#f', 'a.ts#g']
const TAKEN: readonly (readonly [name: string, edit: Readonly<Record<string, string>>, changed: readonly At[]])[] = [
  ['another name of a package', importing('y', 'absent', '() => y'), IN_A],
  ['another name of Node', importing('sep', 'node:path', '() => sep'), IN_A],
  // It may be a type.
  ['another name of a package, given out only', { 'a.ts': `export { y } from 'absent'; ${OUTSIDE['a.ts']}` }, []],
  [
    'another name of a package, imported and given out only',
    { 'a.ts': `import { y } from 'absent'; export { y }; ${OUTSIDE['a.ts']}` },
    [],
  ],
  [
    'another name of a package, given out and used',
    { 'a.ts': `import { y } from 'absent'; export { y }; ${other('() => y')['a.ts']}` },
    IN_A,
  ],
  ['another package, given out only', { 'a.ts': `export { y } from 'other'; ${OUTSIDE['a.ts']}` }, IN_A],
  [
    'another name of a package by the same import',
    { 'a.ts': OUTSIDE['a.ts'].replace('{ x }', '{ y, x }').replace('() => x +', '() => y + x +') },
    IN_A,
  ],
  [
    'a name of Node that only a member has',
    { 'a.ts': `import { sep } from 'node:path'; ${OUTSIDE['a.ts']}; export class C { sep; m() { return this.sep } }` },
    ['a.ts#C'],
  ],
  ['a name that is only a type', importing('type Y', 'absent', '() => { let y: Y; return 1 + 0 }'), ['a.ts#g']],
  ['a name that nobody mentions', importing('y', 'absent', '() => 1'), []],
  ['the same name, used once more', other('() => x'), ['a.ts#g']],
]
for (const [name, change, expected] of TAKEN)
  test(`K5 what evaluating a module binds: ${name}`, () => assert.equal(changed(OUTSIDE, change), expected))

const EVALUATED_ONLY = {
  'a.ts': `import './b.js'; export const f = () => 1`,
  'b.ts': `import { x } from 'absent'; export const g = () => 1; export const h = () => x`,
}
for (const [name, b, expected] of [
  [
    'another name of a package',
    `import { x, y } from 'absent'; export const g = () => 1; export const h = () => x; export const i = () => y`,
    ['b.ts#g', 'b.ts#h', 'b.ts#i'],
  ],
  ['another package', `export { y } from 'nowhere'; ${EVALUATED_ONLY['b.ts']}`, ['a.ts#f', 'b.ts#g', 'b.ts#h']],
  ['no package', 'export const g = () => 1; const x = 1; export const h = () => x', ['a.ts#f', 'b.ts#g', 'b.ts#h']],
] as const)
  test(`K5 what a module that has nothing to be felt takes from outside: ${name}`, () =>
    assert.equal(changed(EVALUATED_ONLY, { 'b.ts': b }), expected))

test('K5 what a module takes from outside counts by its names where something of it is felt', () => {
  const felt = { ...EVALUATED_ONLY, 'b.ts': `console.log(1); ${EVALUATED_ONLY['b.ts']}` }
  const edited = felt['b.ts'].replace('{ x }', '{ x, y }')
  assert.equal(changed(felt, { 'b.ts': `${edited}; export const i = () => y` }), ['a.ts#f', 'b.ts#g', 'b.ts#h', 'b.ts#i'])
  assert.equal(changed(felt, { 'b.ts': `${edited}; export { y }` }), [])
})

test('K5 constants of an enum of a namespace import count alone', () => {
  const files = { 'a.ts': `import * as b from './b.js'; export const f = () => b.E.A`, 'b.ts': 'export enum E { A, B = 5 }' }
  assert.equal(changed(files, { 'b.ts': files['b.ts'].replace('5', '6') }), ['b.ts#E'])
  assert.equal(changed(files, { 'b.ts': files['b.ts'].replace('A', 'A = 1') }), ['a.ts#f', 'b.ts#E'])
})

test('K5 a constant of an enum that is put in place is nothing of its module', () => {
  const files = {
    'a.ts': `import { E } from './b.js'; import './b.js'; export const f = () => E.A`,
    'b.ts': `import { x } from 'absent'; export enum E { A }; export const h = () => x`,
  }
  const edited = files['b.ts'].replace('{ x }', '{ x, y }').replace('=> x', '=> x + y')
  assert.equal(changed(files, { 'b.ts': edited }), ['b.ts#E', 'b.ts#h'])
})

for (const [a, b] of [
  ['null', '5'],
  ['"text"', '"texts"'],
  ['{ "broken": 1', '{ "broken": 2'],
] as const)
  test(`JSON that has no names counts: ${a}`, () => {
    const files = (text: string) => ({ 'a.ts': "import d from './d.json'; export const f = () => d", 'd.json': text })
    differs(files(a), files(b), 'a.ts#f')
  })

const PARTS = { 'd.json': '{"a": {"b": 1}, "c": 2, "default": 3}', 'n.ts': `export { a as m } from './d.json'` }
const PART: readonly (readonly [name: string, code: string, changes: string])[] = [
  ['by name', `import { a } from './d.json'; export const f = () => a`, '1'],
  ['by another name', `import { a as x } from './d.json'; export const f = () => x.c`, '1'],
  ['handed on', `import { m } from './n.js'; export const f = () => m`, '1'],
  ['of a namespace', `import * as d from './d.json'; export const f = () => d.c`, '2'],
  ['of the whole', `import d from './d.json'; export const f = () => d.c`, '123'],
  ['that is not there', `import { x } from './d.json'; export const f = () => x`, '123'],
]
for (const [name, code, changes] of PART)
  test(`K6 of JSON counts what is imported: ${name}`, () => {
    const edited = [...'123'].filter((n) =>
      changed({ 'a.ts': code, ...PARTS }, { 'd.json': PARTS['d.json'].replace(n, '9') }).includes('a.ts#f'),
    )
    assert.is(edited.join(''), changes)
  })

const json = (text: string) => ({
  'a.ts': `import data from './d.json' with { type: 'json' }; export const f = () => data.a`,
  'd.json': text,
})
for (const [name, x, y] of [
  ['layout', '{"a": 1, "b": [1, 2]}', '{\n  "a" : 1,\r\n\t"b": [1,\n2]}\n'],
  ['a byte order mark', '{"a": 1}', '\uFEFF{"a": 1}'],
  ['spelling of strings and numbers', '{"a": "A", "b": 100}', '{"a": "\\u0041", "b": 1e2}'],
] as const)
  test(`K6 ${name} of JSON does not count`, () => same(json(x), json(y)))

const MIXED = {
  'a.ts': `import { g, E, type T } from './b.js'
import data from './d.json'
import { h } from './c.tsx'
export class f<X> extends Map<X, T> { #p = 1n; static s = E.A; constructor(private readonly q: T, r = 1_0) { super(); this.#p++ }
  get x() { return [this?.q, \`\${g(this.#p)}\`, data.a] as const } static { f.s ||= h() } async *[Symbol.iterator]() { yield* super.values() } }
namespace N { export const a = 1 }
export const k = () => N.a satisfies number`,
  'b.ts':
    'export type T = string; export enum E { A = 1 << 2, B = "b".length } export function g(x: T): T\nexport function g(x) { return /x/u.test(x) ? x! : g`x${x}` }',
  'c.tsx': `export const h = () => <div {...{}} a-b="&amp;">{1}<></></div>
export function* loop(xs) { outer: for (const [i, { x = 1, ...r }] of xs) { for (let j = 0; j < i; j++) { if (r[j]) continue outer; yield () => j } } }`,
  'd.json': '{"a": 1}',
}
test('K7 every version of TypeScript gives the same fingerprints', () => {
  const here = fingerprints(MIXED)
  assert.equal(Object.keys(here).sort(), ['a.ts#f', 'a.ts#k', 'b.ts#E', 'b.ts#g', 'c.tsx#h', 'c.tsx#loop'])
  for (const [alias, version] of [
    ['typescript-5.4', '5.4'],
    ['typescript', '5.9'],
    ['typescript-6', '6.0'],
  ] as const) {
    const ts = typescript(alias)
    assert.ok(ts.version.startsWith(version), `${alias} is ${ts.version}`)
    assert.equal(fingerprints(MIXED, { ts }), here, version)
  }
})

test('K4 what a module only hands on has no fingerprint there', () => {
  const files = {
    'a.ts': `import { x } from './b.js'; const y = 1; export { x }; export { y } from './b.js'; export * from './b.js'; export const f = () => y`,
    'b.ts': 'export const x = 1, y = 2',
  }
  assert.equal(Object.keys(fingerprints(files)).sort(), ['a.ts#f', 'b.ts#x', 'b.ts#y'])
})

test('K7 a checkout in another folder gives the same fingerprints', () => {
  const moved = Object.fromEntries(Object.entries(MIXED).map(([file, text]) => [`deep/er/${file}`, text]))
  const expected = Object.fromEntries(Object.entries(fingerprints(MIXED)).map(([at, digest]) => [`deep/er/${at}`, digest]))
  assert.equal(fingerprints(moved), expected)
})

for (const [name, options] of Object.entries({
  'a newer target': { target: 'esnext' },
  'the oldest target that defines fields': { target: 'es2022' },
  'an older target that is told to define fields': { target: 'es2015', useDefineForClassFields: true },
  strictness: { strict: true, noImplicitAny: false, exactOptionalPropertyTypes: true },
  'module format': { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true },
  'outputs and source maps': { outDir: 'elsewhere', sourceMap: true, declaration: true, removeComments: true },
  'libraries and types': { lib: ['es2020'], types: [], skipLibCheck: true },
}))
  test(`K7 ${name} does not count`, () => assert.equal(fingerprints(MIXED, { options }), fingerprints(MIXED)))

// A fingerprint of format 1 is a promise to everyone's cache.
const GOLDEN = {
  'export function f(x) { return x + 1 }': '2c1a5466a8f4060763e0aeb582af942e22f223ca1537b0c53f1d0d932712c8ce',
  'class A { #x = 1; m(y = [1, , 2]) { return `${this.#x}${y?.[0]}` } } export const f = (...[a, { b: c = 2 }]) => new A().m(a ?? c)':
    'ecb6598bf702d20f876e5b02fa0597ead3891dfa17b7447ee73ce71b52808a36',
  'let n = 0; const g = async () => { for await (const x of h()) n += x }; async function* h() { yield g } export { g as f }':
    '8499daced3d602dc2270aac819d57aaebc77236f46e24cba84981e647b535217',
  'export class f { a; static b = 1; constructor(public c) {} }': '6cf989b21e4e2c12b0c6eb26cc840d72491188e1515a366196afb2cc686babf8',
}
test('the digests of format 1', () => {
  const WAY_OUT = 'The normal form changed: raise FORMAT in runtime/contract.ts, and only then write down the new digests here.'
  assert.is(FORMAT, 1, 'FORMAT was raised: write down the new digests here.')
  for (const [text, digest] of Object.entries(GOLDEN)) assert.is(fingerprint(text), digest, `${text}\n${WAY_OUT}`)
})

test.run()
