// What an export feels of installed packages (C5), of files that are no code (C6) and of compiler options (C11).

import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fingerprintExports } from '../transformer/fingerprint.js'
import { link } from '../transformer/link.js'
import { openProject } from '../transformer/project.js'
import { changed, differs, inFolder, same, typescript } from './support/fingerprints.js'

type Files = Record<string, string>

/** `node_modules/<where>/package.json`. */
function installed(where: string, version: string, more: object = {}): Files {
  const name = where.split('node_modules/').at(-1)!
  return {
    [`node_modules/${where}/package.json`]: JSON.stringify({ name, version, ...more }),
    [`node_modules/${where}/index.js`]: 'module.exports = 1',
  }
}

const USES = { 'a.ts': `import { x } from 'one'; export const f = () => x` }
const depends = (...names: string[]) => ({ dependencies: Object.fromEntries(names.map((name) => [name, '*'])) })
const ONE = {
  ...USES,
  ...installed('one', '1.0.0', depends('two')),
  ...installed('two', '1.0.0', depends('three')),
  ...installed('three', '1.0.0'),
}

function ownNames(imports: object): Files {
  return {
    'a.ts': `import { x } from '#one'; export const f = () => x`,
    'package.json': JSON.stringify({ name: 'own', type: 'module', imports }),
  }
}
const OWN_NAME = ownNames({ '#one': { node: 'one', default: './none.js' } })
const OWN_FILE = ownNames({ '#one': './b.ts' })

const CHANGES: readonly (readonly [name: string, a: Files, b: Files])[] = [
  ['its version', ONE, { ...ONE, ...installed('one', '1.0.1', depends('two')) }],
  ['the version of what it depends on', ONE, { ...ONE, ...installed('two', '1.0.1', depends('three')) }],
  ['the version of what that depends on', ONE, { ...ONE, ...installed('three', '1.0.1') }],
  ['a dependency that it is given for itself', ONE, { ...ONE, ...installed('one/node_modules/two', '2.0.0') }],
  ['a new dependency', ONE, { ...ONE, ...installed('three', '1.0.0', depends('four')), ...installed('four', '1.0.0') }],
  [
    'an optional dependency that is installed',
    { ...USES, ...installed('one', '1.0.0', { optionalDependencies: { two: '*' } }) },
    { ...USES, ...installed('one', '1.0.0', { optionalDependencies: { two: '*' } }), ...installed('two', '1.0.0') },
  ],
  [
    'the version of a peer',
    { ...USES, ...installed('one', '1.0.0', { peerDependencies: { two: '*' } }), ...installed('two', '1.0.0') },
    { ...USES, ...installed('one', '1.0.0', { peerDependencies: { two: '*' } }), ...installed('two', '1.1.0') },
  ],
  ['being installed', USES, { ...USES, ...installed('one', '1.0.0') }],
  [
    'its name',
    { ...USES, ...installed('one', '1.0.0') },
    { 'a.ts': `import { x } from 'uno'; export const f = () => x`, ...installed('uno', '1.0.0') },
  ],
  ['which export is used', ONE, { ...ONE, 'a.ts': `import { y } from 'one'; export const f = () => y` }],
  [
    'which member of its namespace is used',
    { ...ONE, 'a.ts': `import * as n from 'one'; export const f = () => n.x` },
    { ...ONE, 'a.ts': `import * as n from 'one'; export const f = () => n.y` },
  ],
  [
    'the default or the namespace',
    { ...ONE, 'a.ts': `import n from 'one'; export const f = () => n` },
    { ...ONE, 'a.ts': `import * as n from 'one'; export const f = () => n` },
  ],
  ['which part of it is used', ONE, { ...ONE, 'a.ts': `import { x } from 'one/sub'; export const f = () => x` }],
  [
    'a scoped package',
    { 'a.ts': `import { x } from '@s/one/sub'; export const f = () => x`, ...installed('@s/one', '1.0.0') },
    { 'a.ts': `import { x } from '@s/one/sub'; export const f = () => x`, ...installed('@s/one', '1.0.1') },
  ],
  [
    'a re-export of it',
    { 'a.ts': `import { x } from './b.js'; export const f = () => x`, 'b.ts': `export { x } from 'one'`, ...installed('one', '1.0.0') },
    { 'a.ts': `import { x } from './b.js'; export const f = () => x`, 'b.ts': `export { x } from 'one'`, ...installed('one', '1.0.1') },
  ],
  [
    'export * of it, and of another one',
    {
      'a.ts': `import { x } from './b.js'; export const f = () => x`,
      'b.ts': `export * from 'one'; export * from 'two'`,
      ...installed('one', '1.0.0'),
      ...installed('two', '1.0.0'),
    },
    {
      'a.ts': `import { x } from './b.js'; export const f = () => x`,
      'b.ts': `export * from 'one'; export * from 'two'`,
      ...installed('one', '1.0.1'),
      ...installed('two', '1.0.0'),
    },
  ],
  [
    'export * of it',
    { 'a.ts': `import { x } from './b.js'; export const f = () => x`, 'b.ts': `export * from 'one'`, ...installed('one', '1.0.0') },
    { 'a.ts': `import { x } from './b.js'; export const f = () => x`, 'b.ts': `export * from 'one'`, ...installed('one', '1.0.1') },
  ],
  [
    'a dynamic import of it',
    { 'a.ts': `export const f = () => import('one')`, ...installed('one', '1.0.0') },
    { 'a.ts': `export const f = () => import('one')`, ...installed('one', '1.0.1') },
  ],
  [
    'require of it',
    { 'a.ts': `export const f = () => require('one')`, ...installed('one', '1.0.0') },
    { 'a.ts': `export const f = () => require('one')`, ...installed('one', '1.0.1') },
  ],
  [
    'a side-effect import of it',
    { 'a.ts': `import 'one'; export const f = 1`, ...installed('one', '1.0.0') },
    { 'a.ts': `import 'one'; export const f = 1`, ...installed('one', '1.0.1') },
  ],
  [
    'a package behind a name of the own package',
    { ...OWN_NAME, ...installed('one', '1.0.0') },
    { ...OWN_NAME, ...installed('one', '1.0.1') },
  ],
  [
    'a file behind a name of the own package, without a tsconfig',
    { ...OWN_FILE, 'b.ts': 'export const x = 1' },
    { ...OWN_FILE, 'b.ts': 'export const x = 2' },
  ],
  [
    'which file is behind a name of the own package',
    { ...OWN_FILE, 'b.ts': 'export const x = 1', 'c.ts': 'export const x = 2' },
    {
      ...ownNames({ '#one': { development: './none.ts', default: './c.ts' } }),
      'b.ts': 'export const x = 1',
      'c.ts': 'export const x = 2',
    },
  ],
  [
    'a package behind the automatic JSX runtime',
    {
      'a.tsx': 'export const f = <a />',
      'a.ts': `export { f } from './a.tsx'; import { f as g } from './a.tsx'; export const h = g`,
      ...jsx('react-jsx'),
      ...installed('react', '1.0.0'),
    },
    {
      'a.tsx': 'export const f = <a />',
      'a.ts': `import { f as g } from './a.tsx'; export const h = g`,
      ...jsx('react-jsx'),
      ...installed('react', '1.0.1'),
    },
  ],
]
function jsx(mode: string, more: object = {}): Files {
  return tsconfig({ jsx: mode, ...more })
}
function tsconfig(compilerOptions: object): Files {
  return { 'tsconfig.json': JSON.stringify({ compilerOptions }) }
}
for (const [name, a, b] of CHANGES) test(`C5 ${name} counts`, () => differs(a, b, name.includes('JSX') ? 'h' : 'f'))

const FREE = { ...ONE, ...installed('other', '1.0.0'), 'o.ts': `import { x } from 'other'; export const o = x` }
const KEEPS: readonly (readonly [name: string, a: Files, b: Files])[] = [
  ['a package that nothing reaches', FREE, { ...FREE, ...installed('other', '1.0.1') }],
  [
    'a package that is imported for its types',
    { ...FREE, 'a.ts': `import type { T } from 'other'; import { x } from 'one'; export const f = (): T => x` },
    { ...FREE, ...installed('other', '1.0.1') },
  ],
  [
    'its development dependencies',
    { ...ONE, ...installed('two', '1.0.0', { ...depends('three'), devDependencies: { four: '*' } }) },
    { ...ONE, ...installed('two', '1.0.0', { ...depends('three'), devDependencies: { four: '*' } }), ...installed('four', '1.0.0') },
  ],
  [
    'anything else in its package.json',
    ONE,
    { ...ONE, ...installed('one', '1.0.0', { ...depends('two'), description: 'x', main: './index.js' }) },
  ],
  ['ranges of dependencies', ONE, { ...ONE, ...installed('one', '1.0.0', { dependencies: { two: '^1.0.0' } }) }],
  [
    'an optional dependency that is not installed',
    ONE,
    { ...ONE, ...installed('one', '1.0.0', { ...depends('two'), optionalDependencies: { fsevents: '*' } }) },
  ],
  [
    'where a dependency is installed',
    ONE,
    {
      ...USES,
      ...installed('one', '1.0.0', depends('two')),
      ...installed('one/node_modules/two', '1.0.0', depends('three')),
      ...installed('one/node_modules/three', '1.0.0'),
    },
  ],
  ['another version of a dependency, for somebody else', ONE, { ...ONE, ...installed('other/node_modules/two', '2.0.0') }],
  ['the same name in a deeper folder', ONE, { ...ONE, ...installed('three/node_modules/one', '9.0.0') }],
  ['type declarations of it', ONE, { ...ONE, ...installed('@types/one', '1.0.0') }],
]
for (const [name, a, b] of KEEPS) test(`C5 only packages that are reached count: not ${name}`, () => same(a, b))

test('C5 packages that depend on each other have an identity', () => {
  const files = (version: string) => ({
    ...USES,
    ...installed('one', '1.0.0', depends('two')),
    ...installed('two', version, depends('one')),
  })
  same(files('1.0.0'), files('1.0.0'))
  differs(files('1.0.0'), files('1.0.1'))
})

test('C5 a package that is linked from a store is the one that it is', () => {
  const store = (version: string): Files => ({
    ...USES,
    ...installed('.store/one/node_modules/one', '1.0.0', depends('two')),
    ...installed('.store/one/node_modules/two', version),
  })
  const read = (files: Files) =>
    inFolder(files, (root) => {
      symlinkSync(path.join(root, 'node_modules/.store/one/node_modules/one'), path.join(root, 'node_modules/one'))
      const graph = link(openProject({ ts: typescript(), root }))
      return fingerprintExports(graph, graph.project.module(path.join(root, 'a.ts'))!).get('f')
    })
  assert.is(read(store('1.0.0')), read(store('1.0.0')))
  assert.is.not(read(store('1.0.0')), read(store('1.0.1')))
})

test('C5 a package of the same workspace is followed as code', () => {
  const read = (body: string, version: string) =>
    inFolder(
      {
        'a.ts': `import { x } from 'mine'; export const f = () => x`,
        'packages/mine/package.json': JSON.stringify({ name: 'mine', version, main: './index.ts', types: './index.ts' }),
        'packages/mine/index.ts': `export const x = ${body}; export const y = 1`,
        'node_modules/.keep': '',
      },
      (root) => {
        symlinkSync(path.join(root, 'packages/mine'), path.join(root, 'node_modules/mine'))
        const graph = link(openProject({ ts: typescript(), root }))
        return fingerprintExports(graph, graph.project.module(path.join(root, 'a.ts'))!).get('f')
      },
      { options: { module: 'esnext', moduleResolution: 'bundler' } },
    )
  assert.is(read('1', '1.0.0'), read('1', '2.0.0'))
  assert.is.not(read('1', '1.0.0'), read('2', '1.0.0'))
})

test('Mintmark itself counts as FORMAT, whatever its version', () => {
  const files = (version: string) => ({
    'a.ts': `import { memoize } from 'mintmark'; export const f = memoize(() => 1, {})`,
    ...installed('mintmark', version),
  })
  same(files('1.0.0'), files('2.0.0'))
})

const FILES: readonly (readonly [name: string, a: string, from: string, to: string, file: string])[] = [
  ['a value of JSON', `import d from './d.json'; export const f = () => d`, '{"a": 1}', '{"a": 2}', 'd.json'],
  ['a key of JSON', `import d from './d.json'; export const f = () => d`, '{"a": 1}', '{"b": 1}', 'd.json'],
  ['order of keys of JSON', `import d from './d.json'; export const f = () => d`, '{"a": 1, "b": 2}', '{"b": 2, "a": 1}', 'd.json'],
  ['order of JSON', `import d from './d.json'; export const f = () => d`, '[1, 2]', '[2, 1]', 'd.json'],
  ['white space inside a string of JSON', `import d from './d.json'; export const f = () => d`, '"a b"', '"a  b"', 'd.json'],
  ['JSON by require', `export const f = () => require('./d.json')`, '1', '2', 'd.json'],
  ['JSON by import()', `export const f = () => import('./d.json', { with: { type: 'json' } })`, '1', '2', 'd.json'],
  ['JSON re-exported', `import { d } from './e.js'; export const f = () => d`, '1', '2', 'd.json'],
  ['text', `import t from './t.txt'; export const f = () => t`, 'a', 'b', 't.txt'],
  [
    'code that is imported as text',
    `import t from './t.ts?raw'; export const f = () => t`,
    'export const a=1',
    'export const a = 1',
    't.ts',
  ],
  ['layout of what is no code', `import t from './t.txt'; export const f = () => t`, 'a b', 'a  b', 't.txt'],
  ['layout of a declaration file', `import t from './t.d.ts'; export const f = () => t`, 'let a', 'let  a', 't.d.ts'],
  ...[
    `import t from './t.ts' with { type: 'text' }; export const f = () => t`,
    `export const f = () => import('./t.ts', { with: { type: 'text' } })`,
  ].map(
    (a) =>
      [
        `code that ${a.startsWith('import') ? 'an import' : 'import()'} with an attribute takes as text`,
        a,
        'export const a=1',
        'export const a = 1',
        't.ts',
      ] as const,
  ),
]
for (const [name, a, from, to, file] of FILES) {
  const files = (text: string) => ({ 'a.ts': a, 'e.ts': `export { default as d } from './d.json'`, [file]: text })
  test(`C6 ${name} counts`, () => differs(files(from), files(to)))
}
for (const [from, to] of [
  [`import t from './d.json?raw'`, `import t from './d.json?url'`],
  [`import t from 'one/d.json?raw'`, `import t from 'one/d.json?url'`],
  [`import t from './d.json' with { type: 'json' }`, `import t from './d.json' with { type: 'text' }`],
  [`import t from './d.txt' with { type: 'bytes' }`, `import t from './d.txt' with { type: 'text' }`],
  [`const t = import('./d.txt', { with: { type: 'bytes' } })`, `const t = import('./d.txt', { with: { type: 'text' } })`],
] as const) {
  const files = (text: string) => ({ 'a.ts': `${text}; export const f = () => t`, 'd.json': '1', 'd.txt': '1' })
  test(`C6 as what a file is taken counts: ${from} or ${to}`, () => differs(files(from), files(to)))
}
test('C6 a file that nothing imports does not count', () => {
  same({ 'a.ts': 'export const f = 1', 'd.json': '1' }, { 'a.ts': 'export const f = 1', 'd.json': '2' })
})

const CLASS = 'export class f { a; b = 1 }'
const DECORATED = 'const d = () => {}; export class f { @d m() {} }'
const OPTIONS: readonly (readonly [name: string, felt: boolean, text: string, a: object, b: object])[] = [
  ['useDefineForClassFields by fields', true, CLASS, { useDefineForClassFields: true }, { useDefineForClassFields: false }],
  [
    'useDefineForClassFields by one field with a value',
    true,
    'export class f { b = 1 }',
    { useDefineForClassFields: true },
    { useDefineForClassFields: false },
  ],
  [
    'useDefineForClassFields by static fields',
    true,
    'export class f { static a }',
    { useDefineForClassFields: true },
    { useDefineForClassFields: false },
  ],
  [
    'useDefineForClassFields by parameter properties',
    true,
    'export class f { constructor(private a) {} }',
    { useDefineForClassFields: true },
    { useDefineForClassFields: false },
  ],
  [
    'useDefineForClassFields by a class expression',
    true,
    'export const f = class { a = 1 }',
    { useDefineForClassFields: true },
    { useDefineForClassFields: false },
  ],
  [
    'useDefineForClassFields by a class inside a function',
    true,
    'export const f = () => class { a = 1 }',
    { useDefineForClassFields: true },
    { useDefineForClassFields: false },
  ],
  [
    'useDefineForClassFields by a followed class',
    true,
    'class A { a = 1 } export const f = () => new A()',
    { useDefineForClassFields: true },
    { useDefineForClassFields: false },
  ],
  [
    'useDefineForClassFields by #private fields',
    false,
    'export class f { #a = 1; b() { return this.#a } }',
    { useDefineForClassFields: true },
    { useDefineForClassFields: false },
  ],
  [
    'useDefineForClassFields by methods',
    false,
    'export class f { a() {} }',
    { useDefineForClassFields: true },
    { useDefineForClassFields: false },
  ],
  [
    'useDefineForClassFields by functions',
    false,
    'class A { a = 1 } export const g = A; export const f = () => 1',
    { useDefineForClassFields: true },
    { useDefineForClassFields: false },
  ],
  ['a target that brings class fields', true, CLASS, { target: 'es2021' }, { target: 'es2022' }],
  ['no target or the newest', false, CLASS, {}, { target: 'esnext' }],
  ['a target by code without classes', false, 'export const f = (x) => x ?? 1', { target: 'es5' }, { target: 'esnext' }],
  ['experimentalDecorators by decorated code', true, DECORATED, { experimentalDecorators: true }, {}],
  [
    'experimentalDecorators by a followed class',
    true,
    `${DECORATED.replace('f', 'C')}; export const f = () => new C()`.replace('export class', 'class'),
    { experimentalDecorators: true },
    {},
  ],
  ['experimentalDecorators by other code', false, CLASS, { experimentalDecorators: true }, {}],
  [
    'emitDecoratorMetadata by decorated code',
    true,
    DECORATED,
    { experimentalDecorators: true, emitDecoratorMetadata: true },
    { experimentalDecorators: true },
  ],
  [
    'emitDecoratorMetadata by other code',
    false,
    CLASS,
    { experimentalDecorators: true, emitDecoratorMetadata: true },
    { experimentalDecorators: true },
  ],
  ['strict', false, CLASS, { strict: true }, { strict: false }],
  ['the JSX runtime by code without JSX', false, CLASS, { jsx: 'react' }, { jsx: 'react-jsx' }],
]
for (const [name, felt, text, x, y] of OPTIONS)
  test(`C11 ${name} ${felt ? 'is felt' : 'is not felt'}`, () =>
    (felt ? differs : same)({ 'a.ts': text, ...tsconfig(x) }, { 'a.ts': text, ...tsconfig(y) }))

const REACT = [installed('react', '1.0.0'), installed('react', '1.0.1')] as const
const RUNTIME = { ...jsx('react-jsx'), ...REACT[0] }
const JSX: readonly (readonly [name: string, felt: boolean, a: Files, b: Files])[] = [
  ['the classic or the automatic runtime', true, jsx('react'), jsx('react-jsx')],
  ['the source of the runtime', true, jsx('react-jsx'), jsx('react-jsx', { jsxImportSource: 'preact' })],
  ['the factory', true, jsx('react'), jsx('react', { jsxFactory: 'h' })],
  ['the factory of fragments', true, jsx('react'), jsx('react', { jsxFragmentFactory: 'Fragment' })],
  ['the runtime for development', false, jsx('react-jsx'), jsx('react-jsxdev')],
]
for (const [name, felt, x, y] of JSX) {
  const a = { 'a.tsx': 'export const f = () => <><a /></>' }
  test(`C11 JSX: ${name} ${felt ? 'is felt' : 'is not felt'}`, () => (felt ? differs : same)({ ...a, ...x }, { ...a, ...y }, 'a.tsx#f'))
}

for (const [name, felt, more, x, y] of [
  ['the runtime that a neighbour loads', true, 'export const g = () => <b />', jsx('react'), jsx('react-jsx')],
  ['the version of that runtime', true, 'export const g = () => <b />', RUNTIME, { ...RUNTIME, ...installed('react', '1.0.1') }],
  ['the runtime that a comment names for a neighbour', true, '// @jsxImportSource react\nexport const g = () => <b />', ...REACT],
  ['the runtime, where a neighbour makes none', false, 'export const g = () => 1', jsx('react'), jsx('react-jsx')],
] as const) {
  const a = { 'a.tsx': `${more}\nexport const f = 1` }
  test(`C4 JSX: ${name} ${felt ? 'is felt' : 'is not felt'}`, () => (felt ? differs : same)({ ...a, ...x }, { ...a, ...y }, 'a.tsx#f'))
}

// Who imports React for JSX imports it for nothing, where the runtime does that.
const MADE = 'export const f = () => <><a /></>; export const g = 1'
for (const [name, felt, before, after, mode] of [
  ['a default import', false, `import React from 'react'`, '', 'react-jsx'],
  ['a namespace import', false, `import * as React from 'react'`, '', 'react-jsx'],
  ['that of another package', true, `import React from 'other'`, '', 'react-jsx'],
  ['that of the classic runtime', true, `import React from 'react'`, '', 'react'],
  ['one that a comment asks for', true, `/** @jsxRuntime classic */ import React from 'react'`, `/** @jsxRuntime classic */`, 'react-jsx'],
  ['one that is used', true, `import React from 'react'; React.x()`, 'React.x()', 'react-jsx'],
  ['one that is written to', true, `import React from 'react'; React.createElement = 1`, 'React.createElement = 1', 'react-jsx'],
] as const)
  test(`K2 an import of React is ${felt ? 'felt' : 'not felt'} by JSX: ${name}`, () => {
    const edit = changed({ 'a.tsx': `${before}\n${MADE}`, ...jsx(mode) }, { 'a.tsx': `${after}\n${MADE}` })
    assert.equal(edit.includes('a.tsx#f'), felt)
    if (!felt) assert.equal(edit, [])
  })
test('K7 JSX that is compiled keeps the fingerprint under an automatic runtime, by whatever name React is imported', () => {
  const compiled = (text: string) => ({
    'a.tsx': `${text}\nexport const f = () => R.createElement(R.Fragment, null, R.createElement('a', null))`,
    ...jsx('react-jsx'),
  })
  for (const text of [`import R from 'react'`, `import * as R from 'react'`])
    same({ 'a.tsx': MADE, ...jsx('react-jsx') }, compiled(text), 'a.tsx#f')
  differs({ 'a.tsx': MADE, ...jsx('react-jsx') }, compiled(`import R from 'other'`), 'a.tsx#f')
})

for (const [felt, text] of [
  [false, `document.createElement('a')`],
  [false, `window.document.createElement('a')`],
  [false, `x.ownerDocument.createElement('a')`],
  [true, `React.createElement('a')`],
] as const)
  test(`C11 JSX: the runtime is ${felt ? 'felt' : 'not felt'} by ${text}`, () =>
    (felt ? differs : same)(
      { 'a.ts': `export const f = (x) => ${text}`, ...jsx('react') },
      { 'a.ts': `export const f = (x) => ${text}`, ...jsx('react-jsx') },
    ))

test('C11 the nearest tsconfig.json counts, with what it extends', () => {
  const files = (fields: boolean, nearer = '{"extends": "../base.json"}') => ({
    'src/a.ts': CLASS,
    'src/tsconfig.json': nearer,
    'base.json': `{ "compilerOptions": { "useDefineForClassFields": ${fields}, /* comments */ } }`,
  })
  differs(files(true), files(false), 'src/a.ts#f')
  same(files(true, '{}'), files(false, '{}'), 'src/a.ts#f')
})

test.run()
