// What an export reaches, by any road (C2), what writes to it (C3), and what its modules run when they are evaluated (C4).
// The road is in `a.ts`; the edit turns every 1 of `b.ts` into a 2.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { changed, differs, same } from './support/fingerprints.js'

const IMPORT = `import { g } from './b.js'; `
const G = 'export const g = () => 1'

const JSX = { 'tsconfig.json': '{"compilerOptions": {"jsx": "react", "jsxFactory": "g"}}' }
const ROADS: readonly (readonly [name: string, a: string, b: string, others?: Readonly<Record<string, string>>])[] = [
  ['a call', `${IMPORT}export const f = () => g()`, G],
  ['a reference', `${IMPORT}export const f = [g]`, G],
  ['a reference in a default of a parameter', `${IMPORT}export const f = (x = g) => x`, G],
  ['a reference in a default of a pattern', `${IMPORT}export const f = ({ x = g() }) => x`, G],
  ['a reference in a default of an assignment', `${IMPORT}export const f = (o, x) => { [x = g()] = o }`, G],
  ['a computed key', `${IMPORT}export const f = { [g()]: 0 }`, G],
  ['a computed key of a pattern', `${IMPORT}export const f = ({ [g()]: x }) => x`, G],
  ['a shorthand property', `${IMPORT}export const f = { g }`, G],
  ['a spread', `${IMPORT}export const f = { ...g }`, 'export const g = { x: 1 }'],
  ['a getter', `${IMPORT}export const f = { get x() { return g() } }`, G],
  ['a hole of a template', `${IMPORT}export const f = () => \`\${g()}\``, G],
  ['a tagged template', `${IMPORT}export const f = () => g\`x\``, G],
  ['typeof', `${IMPORT}export const f = () => typeof g`, 'export const g = 1'],
  ['instanceof', `${IMPORT}export const f = (x) => x instanceof g`, 'export class g { static [Symbol.hasInstance]() { return 1 } }'],
  [
    'a label, a loop and a closure',
    `${IMPORT}export const f = (xs) => { a: for (const x of xs) { xs.map(() => { if (x) return g() }); continue a } }`,
    G,
  ],
  ['a nested function with names of its own', `${IMPORT}export function f(h) { return h((x) => { const y = g; return y(x) }) }`, G],
  ['a branch that is never taken', `${IMPORT}export const f = () => { if (false) g() }`, G],
  ['an optional call', `${IMPORT}export const f = () => g?.()`, G],
  ['an object in a chain of constants', `${IMPORT}const h = { g }; const i = [h]; export const f = () => i[0].g()`, G],
  ['another name', `${IMPORT}const h = g; export const f = () => h()`, G],
  ['another name that is assigned later', `${IMPORT}let h = Date; h = g; export const f = () => h()`, G],
  ['mutual recursion', `${IMPORT}function h(n) { return n ? i(n) : g() } function i(n) { return h(n - 1) } export const f = i`, G],
  [
    'a cycle of modules',
    `${IMPORT}export const f = () => g(); export const h = () => 0`,
    `import { h } from './a.js'; export const g = () => h() + 1`,
  ],
  [
    'a cycle of three modules',
    `import { x } from './c.js'; export const f = () => x(); export const h = () => 0`,
    `import { h } from './a.js'; export const g = () => h() + 1`,
    { 'c.ts': `import { g } from './b.js'; export const x = () => g()` },
  ],
  [
    'three modules away',
    `import { x } from './c.js'; export const f = () => x()`,
    G,
    { 'c.ts': `import { y } from './d.js'; export const x = () => y()`, 'd.ts': `import { g } from './b.js'; export const y = () => g()` },
  ],
  ['a re-export', `import { g } from './c.js'; export const f = () => g()`, G, { 'c.ts': `export { g } from './b.js'` }],
  ['a re-export as default', `import x from './c.js'; export const f = () => x()`, G, { 'c.ts': `export { g as default } from './b.js'` }],
  [
    'a re-export of a default',
    `import { x } from './c.js'; export const f = () => x()`,
    'export default () => 1',
    { 'c.ts': `export { default as x } from './b.js'` },
  ],
  [
    'a chain of re-exports',
    `import { z } from './e.js'; export const f = () => z()`,
    G,
    { 'c.ts': `export { g as x } from './b.js'`, 'd.ts': `export { x as y } from './c.js'`, 'e.ts': `export { y as z } from './d.js'` },
  ],
  ['export *', `import { g } from './c.js'; export const f = () => g()`, G, { 'c.ts': `export * from './b.js'` }],
  [
    'export * after export * of a module without that name',
    `import { g } from './c.js'; export const f = () => g()`,
    G,
    { 'c.ts': `export * from './d.js'; export * from './b.js'`, 'd.ts': 'export const h = 0' },
  ],
  [
    'export * after export * of a package',
    `import { g } from './c.js'; export const f = () => g()`,
    G,
    { 'c.ts': `export * from 'pkg'; export * from './b.js'` },
  ],
  [
    'export * of modules that name each other',
    `import { g } from './c.js'; export const f = () => g()`,
    G,
    { 'c.ts': `export * from './d.js'`, 'd.ts': `export * from './c.js'; export * from './b.js'` },
  ],
  ['export * as', `import { n } from './c.js'; export const f = () => n.g()`, G, { 'c.ts': `export * as n from './b.js'` }],
  ['export * as, handed on', `import { n } from './c.js'; export const f = () => n`, G, { 'c.ts': `export * as n from './b.js'` }],
  ['a member of a namespace import', `import * as b from './b.js'; export const f = () => b.g()`, G],
  ['a namespace import that is handed on', `import * as b from './b.js'; export const f = () => b`, G],
  ['a namespace import with a computed member', `import * as b from './b.js'; export const f = (x) => b[x]`, G],
  ['a namespace import that is taken apart', `import * as b from './b.js'; export const f = () => { const { g } = b; return g() }`, G],
  ['a namespace import under another name', `import * as b from './b.js'; const c = b; export const f = () => c.g()`, G],
  ['a namespace import behind export *', `import * as c from './c.js'; export const f = () => c`, G, { 'c.ts': `export * from './b.js'` }],
  ['a default import', `import x from './b.js'; export const f = () => x()`, 'export default () => 1'],
  ['a default import of a class', `import x from './b.js'; export const f = () => new x()`, 'export default class { a = 1 }'],
  ['a default import of a namespace', `import * as b from './b.js'; export const f = () => b.default`, 'export default 1'],
  [
    'an import of a quoted name',
    `import { 'a-b' as x } from './b.js'; export const f = () => x()`,
    `const g = () => 1; export { g as 'a-b' }`,
  ],
  ['import = require', `import b = require('./b.js'); export const f = () => b.g()`, G],
  [
    'an export that is an import = require',
    `import { b } from './c.js'; export const f = () => b.g()`,
    G,
    { 'c.ts': `export import b = require('./b.js')` },
  ],
  ['export = as the default', `import b from './b.js'; export const f = () => b`, 'const g = () => 1; const other = 0; export = g'],
  ['export =', `import b = require('./b.js'); export const f = () => b.g()`, 'export = { g: 1 }'],
  ['a dynamic import', `export const f = async () => (await import('./b.js')).g()`, G],
  ['a dynamic import of a template', 'export const f = async () => (await import(`./b.js`)).g()', G],
  ['a dynamic import that runs something', `export const f = () => import('./b.js')`, 'console.log(1)'],
  ['require', `export const f = () => require('./b.js').g()`, G],
  ...[
    `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); export const f = () => require('./b.js')`,
    `import { createRequire } from 'module'; export const f = (load = createRequire(__filename)) => load('./b.js')`,
    `import { createRequire as make } from 'module'; export const f = () => { const load = make(__filename); return load('./b.js') }`,
    `import module from 'node:module'; export const f = () => module.createRequire(import.meta.url)('./b.js')`,
    `import * as m from 'node:module'; const load = m.createRequire(import.meta.filename); const g = load('./b.js').g; export const f = () => g()`,
  ].map((text) => ['what createRequire made', text, G] as const),
  ['module.exports', `export const f = () => require('./c.cjs')`, G, { 'c.cjs': `module.exports = require('./b.js')` }],
  ['extends', `${IMPORT}export class f extends g {}`, 'export class g { m() { return 1 } }'],
  ['extends a call', `${IMPORT}export class f extends g(Object) {}`, 'export const g = (C) => class extends C { m() { return 1 } }'],
  ['extends a member', `import * as b from './b.js'; export class f extends b.g {}`, 'export class g { m() { return 1 } }'],
  ['super', `${IMPORT}export class f extends g { m() { return super.m() } }`, 'export class g { m() { return 1 } }'],
  [
    'a base of a base',
    `import { h } from './c.js'; export class f extends h {}`,
    'export class g { m() { return 1 } }',
    { 'c.ts': `import { g } from './b.js'; export class h extends g {}` },
  ],
  [
    'an overridden member',
    `${IMPORT}export const f = (x) => new g().m(x)`,
    'class h { m() { return 0 } } export class g extends h { m() { return 1 } }',
  ],
  ['an accessor', `${IMPORT}export const f = () => new g().x`, 'export class g { get x() { return 1 } }'],
  ['a static block', `${IMPORT}export const f = () => g.x`, 'export class g { static x; static { g.x = 1 } }'],
  ['a static field', `${IMPORT}export const f = () => g.x`, 'export class g { static x = 1 }'],
  ['a field initialiser', `${IMPORT}export class f { x = g() }`, G],
  ['a private method', `${IMPORT}export class f { #x() { return g() } y() { return this.#x() } }`, G],
  ['a computed name of a method', `${IMPORT}export class f { [g]() {} }`, `export const g = 'x1'`],
  ['a constructor', `${IMPORT}export const f = () => new g()`, 'export class g { constructor() { this.x = 1 } }'],
  ['a parameter property with a default', `${IMPORT}export class f { constructor(private x = g()) {} }`, G],
  ['a decorator of a method', `${IMPORT}export class f { @g m() {} }`, G],
  ['a decorator of a class', `${IMPORT}@g export class f {}`, G],
  ['a decorator of a field', `${IMPORT}export class f { @g x }`, G],
  ['a decorator of a parameter', `${IMPORT}export class f { m(@g x) {} }`, G],
  [
    'an argument of a decorator',
    `import { d } from './c.js'; import { g } from './b.js'; export class f { @d({ x: g }) m() {} }`,
    'export const g = 1',
    { 'c.ts': 'export const d = (o) => () => {}' },
  ],
  ['an enum', `${IMPORT}export const f = () => g.A`, 'export enum g { A = 1 }'],
  ['a const enum', `${IMPORT}export const f = () => g.A`, 'export const enum g { A = 1 }'],
  ['a string enum', `${IMPORT}export const f = () => g.A`, `export enum g { A = '1' }`],
  ['an enum with a quoted name', `${IMPORT}export const f = () => g['a-b']`, `export enum g { 'a-b' = 1 }`],
  [
    'a computed member of an enum',
    `import { E } from './c.js'; export const f = () => E.A`,
    'export const g = 1',
    { 'c.ts': `import { g } from './b.js'; export enum E { A = g }` },
  ],
  ['a namespace', `${IMPORT}export const f = () => g.x`, 'export namespace g { export const x = 1 }'],
  ['a namespace in a namespace', `${IMPORT}export const f = () => g.h.x`, 'export namespace g.h { export const x = 1 }'],
  [
    'a namespace merged with a function',
    `${IMPORT}export const f = () => g()`,
    'export function g() {} export namespace g { export const x = 1 }',
  ],
  [
    'an alias of a namespace that is exported',
    `import { x } from './b.js'; export const f = () => x`,
    'namespace N { export const a1 = 0, a2 = 0 } export import x = N.a1',
  ],
  ['an alias of a namespace', `${IMPORT}import x = g.x; export const f = () => x`, 'export namespace g { export const x = 1 }'],
  ['JSX', `import { G } from './b.js'; export const f = () => <G />`, 'export const G = () => 1'],
  ['JSX of a member', `import * as b from './b.js'; export const f = () => <b.G />`, 'export const G = () => 1'],
  ['the factory of JSX', `import { g } from './b.js'; export const f = () => <a />`, G, JSX],
  [
    'the factory of JSX by a member',
    `import * as g from './b.js'; export const f = () => <a />`,
    'export const h = () => 1',
    { 'tsconfig.json': JSX['tsconfig.json'].replace('g', 'g.h') },
  ],
  ['JSX attributes, spreads and children', `${IMPORT}export const f = () => <a {...g}>{g}</a>`, G],
  ['a default export that is an expression', `import x from './b.js'; export const f = () => x`, 'export default [1].length'],
  ['JSON', `import g from './c.json'; export const f = () => g`, '1', { 'c.json': '{"a": 1}' }],
  ['a name of JSON', `import { a } from './c.json'; export const f = () => a`, '1', { 'c.json': '{"a": 1}' }],
  ['an assertion of type', `${IMPORT}export const f = () => (g as unknown as () => void)()`, G],
]
for (const [name, a, b, others = {}] of ROADS) {
  const files = (n: string) => {
    const edited = Object.fromEntries(
      Object.entries(others).map(([file, text]) => [file, file.endsWith('.json') ? text.replace('1', n) : text]),
    )
    return { [a.includes('JSX') || a.includes('/>') || a.includes('</') ? 'a.tsx' : 'a.ts']: a, 'b.ts': b.replaceAll('1', n), ...edited }
  }
  const at = Object.keys(files('1'))[0]!
  test(`C2 ${name}`, () => differs(files('1'), files('2'), `${at}#f`))
}

test('C2 of two clashing export * the one that is found first counts, and a name of its own comes before both', () => {
  const files = {
    'a.ts': `import { g } from './c.js'; export const f = () => g`,
    'b.ts': 'export const g = 1',
    'd.ts': 'export const g = 2',
  }
  const stars = `export * from './b.js'; export * from './d.js'`
  assert.equal(changed({ ...files, 'c.ts': stars }, { 'b.ts': 'export const g = 3' }), ['a.ts#f', 'b.ts#g'])
  const own = { ...files, 'c.ts': `${stars}; export const g = 0` }
  assert.equal(changed(own, { 'b.ts': 'export const g = 3' }), ['b.ts#g'])
  assert.equal(changed(own, { 'c.ts': `${stars}; export const g = 9` }), ['a.ts#f', 'c.ts#g'])
})

for (const ending of ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'])
  test(`C2 a file that is named without its ending ${ending}`, () => {
    const files = (n: number) => ({
      'a.ts': `import { g } from './b'; import { h } from './d'; export const f = () => [g, h]`,
      [`b${ending}`]: `export const g = ${n}`,
      [`d/index${ending}`]: `export const h = ${n}`,
    })
    differs(files(1), files(2), 'a.ts#f')
    differs(files(1), { ...files(1), [`d/index${ending}`]: 'export const h = 2' }, 'a.ts#f')
  })

for (const [specifier, file] of [
  ['./b.js', 'b.tsx'],
  ['./b.jsx', 'b.tsx'],
  ['./b.mjs', 'b.mts'],
  ['./b.cjs', 'b.cts'],
] as const)
  test(`C2 ${file} that is named ${specifier}`, () => {
    const files = (n: number) => ({ 'a.ts': `import { g } from '${specifier}'; export const f = () => g`, [file]: `export const g = ${n}` })
    differs(files(1), files(2), 'a.ts#f')
  })

test('C2 export * does not give out the default', () => {
  const files = {
    'a.ts': `import g from './c.js'; export const f = () => g`,
    'b.ts': 'export default () => 1',
    'c.ts': `export * from './b.js'`,
  }
  assert.equal(changed(files, { 'b.ts': 'export default () => 2' }), ['b.ts#default'])
})

test('C2 a namespace that is handed on counts by the names of its exports', () => {
  const files = { 'a.ts': `import * as b from './b.js'; export const f = () => b`, 'b.ts': 'export const x = () => 1' }
  assert.equal(changed(files, { 'b.ts': 'const y = () => 1; export { y as z }' }), ['a.ts#f', 'b.ts#x', 'b.ts#z'])
})

for (const [name, c] of Object.entries({
  'export * as': `export * as n from './b.js'`,
  'an import that is exported': `import * as n from './b.js'; export { n }`,
}))
  test(`C2 a namespace behind ${name} counts whole, and so does which member is named`, () => {
    const files = { 'a.ts': `import { n } from './c.js'; export const f = () => n.x`, 'b.ts': 'export const x = 1, y = 1', 'c.ts': c }
    assert.equal(changed(files, { 'b.ts': 'export const x = 1, y = 2' }), ['a.ts#f', 'b.ts#y'])
    assert.equal(changed(files, { 'b.ts': 'export const x = 1, y = 1, z = 1' }), ['a.ts#f', 'b.ts#z'])
    assert.equal(changed(files, { 'a.ts': files['a.ts'].replace('n.x', 'n.y') }), ['a.ts#f'])
  })

test('K2 a namespace that is handed on does not feel the types that its module exports', () => {
  const files = { 'a.ts': `import * as b from './b.js'; export const f = () => b`, 'b.ts': 'export const x = 1' }
  assert.equal(changed(files, { 'b.ts': 'export interface I {} export type T = I; export declare const y: T; export const x = 1' }), [])
})

test('C2 an edit changes exactly what reaches it', () => {
  const files = {
    'a.ts': `import { b1, b2 } from './b.js'; export const a1 = () => b1(); export const a2 = () => b2(); export const a3 = () => a1`,
    'b.ts': `import * as c from './c.js'; export const b1 = () => c.c1; export const b2 = () => c.c2(); export class B { m() { return b1 } }`,
    'c.ts': `import { a2 } from './a.js'; export const c1 = 1; export const c2 = () => [c3, a2]; const c3 = 3`,
  }
  assert.equal(changed(files, { 'c.ts': files['c.ts'].replace('c1 = 1', 'c1 = 2') }), [
    'a.ts#a1',
    'a.ts#a3',
    'b.ts#B',
    'b.ts#b1',
    'c.ts#c1',
  ])
  assert.equal(changed(files, { 'c.ts': files['c.ts'].replace('c3 = 3', 'c3 = 4') }), ['a.ts#a2', 'b.ts#b2', 'c.ts#c2'])
  assert.equal(changed(files, { 'b.ts': files['b.ts'].replace('return b1', 'return b2') }), ['b.ts#B'])
})

const TABLE = { 'table.ts': 'export const table = { x: null }; export class C {}; export let count = 0; export const list = new Map()' }
const USES = `import { table, C, count, list } from './table.js'; export const f = () => [table, new C(), count, list]`
const WRITES: readonly (readonly [name: string, statement: string])[] = [
  ['a member', 'table.x = 1'],
  ['a member of a member', 'table.x.y = 1'],
  ['a computed member', `table['x' + 1] = 0`],
  ['a compound assignment', 'table.x ??= 1'],
  ['an increment', 'table.x++; table.y = 1'],
  ['a deletion', `delete table['x1']`],
  ['a pattern', '[table.x] = [1]'],
  ['a loop', 'for (table.x of [1]);'],
  ['a method', 'list.set(1, 1)'],
  ['Object.assign', 'Object.assign(C.prototype, { m() { return 1 } })'],
  ['Object.defineProperty', `Object.defineProperty(table, 'x', { value: 1 })`],
  ['Reflect.set', `Reflect.set(table, 'x', 1)`],
  ['a prototype', 'C.prototype.m = () => 1'],
  ['a static member', 'C.x = 1'],
  ['a call that is handed it', 'register(table, 1); function register(t, x) { t.x = x }'],
  ['a function that writes', 'init(); function init() { table.x = 1 }'],
  ['a branch', 'if (Date.now()) table.x = 1'],
  ['a block', 'try { table.x = 1 } catch {}'],
  ['an initialiser', 'const y = (table.x = 1)'],
  ['a static block of a class', 'class D { static { table.x = 1 } }'],
  ['another name', 'const t = table; t.x = 1'],
  ['await', 'await (table.x = 1)'],
]
for (const [name, statement] of WRITES) {
  const writer = (n: string) => `import { table, C, list } from './table.js'\n${statement.replaceAll('1', n)}\nexport {}`
  const files = (text: string, a = `import './w.js'; ${USES}`, more = {}) => ({ ...TABLE, 'a.ts': a, 'w.ts': text, ...more })
  test(`C3 a write in a module that is imported: ${name}`, () => differs(files(writer('1')), files(writer('2'))))
  test(`C3 a write in a module far away: ${name}`, () => {
    const more = {
      'x.ts': `import './y.js'; export const x = 1`,
      'y.ts': `export { z } from './z.js'`,
      'z.ts': `import './w.js'; export const z = 1`,
    }
    const far = `import { x } from './x.js'; export const g = x; ${USES}`
    differs(files(writer('1'), far, more), files(writer('2'), far, more))
  })
  test(`C3 a write that nobody imports does not count: ${name}`, () => same(files(writer('1'), USES), files(writer('2'), USES)))
  test(`C3 a write that is imported for types does not count: ${name}`, () => {
    const a = `import type {} from './w.js'; ${USES}`
    same(files(writer('1'), a), files(writer('2'), a))
  })
}

const LETS: readonly (readonly [name: string, text: string])[] = [
  ['a statement', 'x = 1'],
  ['another function', 'export function set() { x = 1 }'],
  ['a method', 'export class S { set() { x = 1 } }'],
  ['an arrow in an object', 'export const s = { set: () => { x = 1 } }'],
  ['a nested function', 'export const s = () => () => { x = 1 }'],
  ['a compound assignment', 'export const s = () => { x += 1 }'],
  ['a pattern', 'export const s = (o) => { ({ x = 1 } = o) }'],
  ['a pattern in an array', 'export const s = () => { [, x] = [0, 1] }'],
  ['a loop', 'export const s = () => { for (x of [1]); }'],
  ['a loop over names', 'export const s = () => { for (x in [1]); }'],
  ['what another function assigns', 'export const s = () => { x = one() }; const one = () => 1'],
  ['a branch', 'if (Date.now()) x = 1'],
]
for (const [name, text] of LETS) {
  const files = (n: string) => ({
    'a.ts': `import { x } from './b.js'; export const f = () => x`,
    'b.ts': `export let x = 0; ${text.replaceAll('1', n)}`,
  })
  test(`C3 an assignment of a let by ${name}`, () => differs(files('1'), files('2')))
}
/** The edit turns every 1 into a 2. */
for (const [name, text, isFelt] of [
  ['what it does beside', 'export function set() { console.log(1); x = 5 }', false],
  ['when it assigns', 'export const s = (a) => { if (a > 1) x = five() }; const five = () => 5', false],
  ['when it counts', 'export const s = (a) => { while (a > 1) x++ }', false],
  ['another name that it assigns', 'let y = 0; export const s = (a) => { x = 5; y = a + 1 }', false],
  ['an operator beside', 'export const s = (a) => { x += 1 }', true],
  ['what it does with what it is given', 'export function s(a) { console.log(1); x = a }', false],
  ['a part of what it is given', 'export const s = (a) => { x = [a][1] }', true],
  ['what a variable of it is made of', 'export function s() { const b = 1; x = b }', false],
  ['what a parameter comes to', 'export const s = (a = 1) => { a += 1; x = a }', false],
  ['what it adds of its own', 'export function s(a) { console.log(1); x += a }', true],
  ['what is given to a function in it', 'export const s = () => { [1].forEach((v) => { x = v }) }', false],
  ['its own this', 'export class S { set() { console.log(1); x = this } }', true],
  ['what is sent to it', 'export function* s() { x = yield 1 }', true],
  ['a pattern beside', 'export const s = (o) => { o.a = 1; x = 5; ({ x } = o) }', true],
  ['another assignment in it', 'let y = 0; export const s = () => { x = y = 1 }', true],
] as const) {
  const files = (n: string) => ({
    'a.ts': `import { x } from './b.js'; export const f = () => x`,
    'b.ts': `export let x = 0; ${text.replaceAll('1', n)}`,
  })
  test(`C3 a function that is not called and assigns a let: ${name}`, () => (isFelt ? differs : same)(files('1'), files('2')))
}
/** The edit turns every 1 into a 2. */
const MAKE = 'const make = () => ({ a: 1 });'
for (const [name, reads, text, isFelt] of [
  ['its truth in a condition', 'x ? 5 : 6', `${MAKE} export const s = () => { x = make() }`, false],
  [
    'its truth in a statement',
    '{ if (x) return 5; while (!x) return 6; for (; x; ) return 7 }',
    `${MAKE} export const s = () => { x = make() }`,
    false,
  ],
  ['its truth on the left of &&', 'x && 5', `${MAKE} export const s = () => { x = make() }`, false],
  ['its truth in a chain', '!(x || five)', `${MAKE} export const s = () => { x = make() }`, false],
  ['whether it is there', 'x !== undefined && x != null', `${MAKE} export const s = () => { x = make() }`, false],
  ['which one it is', '(y) => x === y', `${MAKE} export const s = () => { x ||= make() }`, false],
  ['whether it is there, before it is assigned', '{ if (!x) x = 5 }', `${MAKE} export const s = () => { x = make() }`, false],
  ['itself, before it is assigned', '{ x = [x] }', `${MAKE} export const s = () => { x = make() }`, true],
  ['its truth, of an object literal', '!x', 'export const s = () => { x = { a: 1 } }', false],
  ['its truth, of a function', '!x', 'export const s = () => { x = () => 1 }', false],
  ['its truth, of what a global makes', '!x', 'export const s = () => { x = new Map([[1, 1]]) }', false],
  ['its truth, of what a promise is made of', '!x', 'export const s = () => { x = make() }; async function make() { return 1 }', false],
  [
    'its truth, of what a function with branches gives',
    '!x',
    'export const s = () => { x = make() }; function make(a) { if (a) return [1]; return {} }',
    false,
  ],
  ['its truth, of what may be none', '!x', 'export const s = () => { x = make() }; function make(a) { if (a > 1) return {} }', true],
  [
    'its truth, of what is none in a branch',
    '!x',
    'export const s = () => { x = make() }; function make(a) { if (a > 1) return; return {} }',
    true,
  ],
  [
    'its truth, of what another gives',
    '!x',
    'export const s = () => { x = make() }; const one = () => 1; function make() { return one() }',
    true,
  ],
  ['its truth, of what a class makes', '!x', 'export const s = () => { x = new C() }; class C { a = 1 }', true],
  [
    'its truth, of a function that is another by then',
    '!x',
    `export const s = () => { x = make() }; let make = () => ({}); export const t = () => { make = () => 1 }`,
    true,
  ],
  ['its truth, of a number', '!x', 'export const s = () => { x = 1 }', true],
  ['its truth, of what it is added to', '!x', `${MAKE} export const s = () => { x += make() }`, true],
  ['its type', 'typeof x', `${MAKE} export const s = () => { x = make() }`, true],
  ['itself, on the left of ||', 'x || 5', `${MAKE} export const s = () => { x = make() }`, true],
  ['itself, on the right of &&', 'five && x', `${MAKE} export const s = () => { x = make() }`, true],
  ['itself, after its truth', 'x && x.a', `${MAKE} export const s = () => { x = make() }`, true],
  ['itself, in another function', 'x ? g() : 5; const g = () => x', `${MAKE} export const s = () => { x = make() }`, true],
  [
    'its truth, of what ends with an object that it does not give',
    '!x',
    'export const s = () => { x = make() }; function make(a) { if (a > 1) return {}; ({}) }',
    true,
  ],
  ['what it is equal to', 'x == "5"', `${MAKE} export const s = () => { x = make() }`, true],
] as const) {
  const files = (n: string) => `let x; const five = 5; export const f = () => ${reads}; ${text.replaceAll('1', n)}`
  test(`C3 a function that is not called and assigns what is asked for ${name}`, () => (isFelt ? differs : same)(files('1'), files('2')))
}
test('C3 an object that is assigned counts where only its presence is asked for', () => {
  const files = (value: string) => `let x; export const f = () => !x; export const s = () => { x = ${value} }; const make = () => []`
  differs(files('undefined'), files('{}'))
  same(files('make()'), files('{}'))
  differs(`let x; export const f = () => !x`, files('{}'))
})
test('C2 the factory of JSX counts for no code without any', () => {
  const files = (n: number) => ({
    ...JSX,
    'a.tsx': `import { g } from './b.js'\n/** @mintmark version 1 */\nexport const f = (x) => x\nexport const e = () => <a />`,
    'b.ts': `export const g = () => ${n}`,
  })
  same(files(1), files(2), 'a.tsx#f')
})
test('C3 an assignment of a name that only looks the same does not count', () => {
  const files = (n: number) =>
    `let x = 0; export const f = () => x; export const s = (x) => { x = ${n} }; export const t = () => { let x; x = ${n} }; export class S { x; m() { this.x = ${n} } }`
  same(files(1), files(2))
})

const RUNS = 'console.log(1)'
const EVALUATED: readonly (readonly [name: string, files: Readonly<Record<string, string>>, at?: string])[] = [
  ['a side-effect import', { 'a.ts': `import './w.js'; export const f = 1`, 'w.ts': RUNS }],
  [
    'a side-effect import of a side-effect import',
    { 'a.ts': `import './x.js'; export const f = 1`, 'x.ts': `import './w.js'`, 'w.ts': RUNS },
  ],
  [
    'a side-effect import of a reached module',
    { 'a.ts': `import { x } from './x.js'; export const f = x`, 'x.ts': `import './w.js'; export const x = 1`, 'w.ts': RUNS },
  ],
  [
    'a module that is imported for a value',
    { 'a.ts': `import { x } from './w.js'; export const f = () => x`, 'w.ts': `export const x = 0; ${RUNS}` },
  ],
  ['a module that is re-exported', { 'a.ts': `export { x } from './w.js'; export const f = 1`, 'w.ts': `export const x = 0; ${RUNS}` }],
  ['a module behind export *', { 'a.ts': `export * from './w.js'; export const f = 1`, 'w.ts': `export const x = 0; ${RUNS}` }],
  ['what a statement calls', { 'a.ts': `import './w.js'; export const f = 1`, 'w.ts': 'g(); function g() { return 1 }' }],
  [
    'what a statement calls elsewhere',
    {
      'a.ts': `import './x.js'; export const f = 1`,
      'x.ts': `import { g } from './w.js'; g()`,
      'w.ts': 'export function g() { return 1 }',
    },
  ],
  [
    'an empty import of names',
    {
      'a.ts': `import {} from './w.js'; export const f = 1`,
      'w.ts': RUNS,
      'tsconfig.json': '{"compilerOptions": {"verbatimModuleSyntax": true}}',
    },
  ],
  [
    'an import for types that is kept as it is written',
    {
      'a.ts': `import { type T } from './w.js'; export const f = 1`,
      'w.ts': `export type T = 0; ${RUNS}`,
      'tsconfig.json': '{"compilerOptions": {"verbatimModuleSyntax": true}}',
    },
  ],
  [
    'an unused import of JavaScript',
    { 'a.js': `import { x } from './w.js'; export const f = 1`, 'w.ts': `export const x = 0; ${RUNS}` },
    'a.js#f',
  ],
  [
    'a module imported for a function that nobody calls, which uses another one, too',
    {
      'a.ts': `import { y } from './y.js'; import { x } from './w.js'; export const f = 1; export function g() { return [y, x] }`,
      'y.ts': 'export const y = 0',
      'w.ts': `export const x = 0; ${RUNS}`,
    },
  ],
  ['a dynamic import', { 'a.ts': `export const f = () => import('./w.js')`, 'w.ts': RUNS }],
]
for (const [name, files, at = 'a.ts#f'] of EVALUATED)
  test(`C4 ${name}`, () => differs(files, { ...files, 'w.ts': files['w.ts']!.replaceAll('1', '2') }, at))

// Bundlers fill the namespace object of a module that hands on names that cannot be told, and so keep all its exports.
const H = 'export const h = () => 1; export const i = () => 1'
const UNKNOWN: readonly (readonly [name: string, files: Readonly<Record<string, string>>, felt: boolean])[] = [
  ['of a package', { 'a.ts': `export * from 'absent'; export const f = () => 1; ${H}` }, true],
  ['of Node', { 'a.ts': `import './b.js'; export const f = () => 1`, 'b.ts': `export * from 'node:path'; ${H}` }, true],
  [
    'of CommonJS',
    { 'a.ts': `import { h } from './b.js'; export const f = h`, 'b.ts': `export * from './c.js'; ${H}`, 'c.js': 'exports.x = 0' },
    true,
  ],
  [
    'of a package by another module',
    { 'a.ts': `export * from './b.js'; export const f = () => 1; ${H}`, 'b.ts': `export * from 'absent'` },
    true,
  ],
  [
    'by a barrel',
    {
      'a.ts': `import { j } from './b.js'; export const f = j`,
      'b.ts': `export * from './c.js'; export * from './d.js'`,
      'c.ts': `export * from 'absent'; ${H}`,
      'd.ts': 'export const j = 0',
    },
    true,
  ],
  [
    'by circular modules',
    { 'a.ts': `export * from './b.js'; export const f = () => 1; ${H}`, 'b.ts': `export * from './a.js'; export * from 'absent'` },
    true,
  ],
  ['of a module', { 'a.ts': `export * from './b.js'; export const f = () => 1; ${H}`, 'b.ts': 'export const y = 0' }, false],
  ['of circular modules', { 'a.ts': `export * from './b.js'; export const f = () => 1; ${H}`, 'b.ts': `export * from './a.js'` }, false],
  ['under a name', { 'a.ts': `export * as x from 'absent'; export const f = () => 1; ${H}` }, false],
  ['of JSON', { 'a.ts': `export * from './b.json'; export const f = () => 1; ${H}`, 'b.json': '{"x": 0}' }, false],
  ['of types', { 'a.ts': `export type * from 'absent'; export const f = () => 1; ${H}` }, false],
]
for (const [name, files, felt] of UNKNOWN)
  for (const sideEffects of [true, false])
    test(`C2 export * ${name} brings in ${felt ? 'all exports' : 'no others'}${sideEffects ? '' : ', in a package without side effects'}`, () => {
      const given: Record<string, string> = { ...files, 'package.json': JSON.stringify({ sideEffects }) }
      const edited = Object.fromEntries(Object.entries(given).map(([file, text]) => [file, text.replace('i = () => 1', 'i = () => 2')]))
      const isEvaluated = sideEffects || !given['a.ts']!.startsWith("import './b.js'")
      if (felt && isEvaluated) differs(given, edited, 'a.ts#f')
      else same(given, edited, 'a.ts#f')
    })

test('C2 a name that only export * may give out brings in all exports, also in a package without side effects', () => {
  const files = (i: number) => ({
    'package.json': '{"sideEffects": false}',
    'a.ts': `import { x } from './b.js'; export const f = () => x`,
    'b.ts': `export * from 'absent'; export const i = () => ${i}`,
  })
  differs(files(1), files(2), 'a.ts#f')
})

test('C4 an import for types is not evaluated, unless it is kept as it is written', () => {
  const files = {
    'a.ts': `import { type T } from './w.js'; import { U } from './w.js'; import type V from './w.js'; export const f = (x: T | U | V) => 1`,
  }
  same({ ...files, 'w.ts': 'console.log(1)' }, { ...files, 'w.ts': 'console.log(2)' })
})

test.run()
