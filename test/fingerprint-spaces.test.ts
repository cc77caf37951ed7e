// Namespaces, and what TypeScript and esbuild make of them: one fingerprint, as far as both do the same.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { differs, fingerprints, same } from './support/fingerprints.js'
import { lowered } from './support/lowered.js'
import { fingerprints as stepFingerprints } from './support/steps.js'

const F = 'export const f = () => N'
/** Each is the text of a module. */
const SPACES: readonly (readonly [name: string, text: string])[] = [
  ['variables', `namespace N { export const x = 1, z = 2; export let y; const k = 3; export const g = () => [x, N.x, y, z, k] } ${F}`],
  [
    'functions',
    `namespace N { export function a() { return b() } export function b(this: any) { return a } export async function* c() {} } ${F}`,
  ],
  [
    'overloads',
    `namespace N { export function a(x: 1): 1; export function a(x: any) { return x } function b(x: 1): 1; function b(x: any) {} } ${F}`,
  ],
  [
    'classes',
    `namespace N { export class C { a = C; m() { return x } } export abstract class D extends C {} export const x = new C() } ${F}`,
  ],
  ['a decorated class', `namespace N { const d: any = 1; @d export class C { @d m() {} } @d class D {} } ${F}`],
  [
    'what is assigned',
    `namespace N { export let w = 2; export function s(o, q) { w = 3; w++; ({ w } = o); [w] = q; for (w of q); for (w = 1; ; ); typeof w } } ${F}`,
  ],
  [
    'short forms',
    `namespace N { export const x = 1; export const o = { x, m() { return x }, [x]: x }; export const s = \`\${x}\` + { x }.x } ${F}`,
  ],
  ['a variable that is called', `namespace N { export const x = (a) => a; export const y = x(1); export const z = x\`a\`.length } ${F}`],
  [
    'a function expression that is called',
    `namespace N { export const x = function () { return function () { return this } }; export const y = x(1) } ${F}`,
  ],
  ['a function of another block that is called', `namespace N { export function a() {} } namespace N { export const b = () => a() } ${F}`],
  [
    'a namespace that is called by another name',
    `namespace N { const N = 1; export const x = N } namespace P { export const P = 2; export const q = P } export const f = () => [N, P]`,
  ],
  [
    'a parameter that hides what is given out',
    `namespace N { export const x = 1; export const a = (x) => x; export function b() { let x; { var N = x } return N } } ${F}`,
  ],
  [
    'a namespace in a namespace',
    `namespace N { export namespace M { export const x = 1; export const y = () => [x, M.x, N.M] } namespace L { export const x = M.x } export const z = () => [M.y, L.x] } ${F}`,
  ],
  [
    'namespaces written in one',
    `namespace A.B.C { export const x = 1 } namespace A { export const q = () => B.C.x } namespace A.B { export const t = C.x } export const f = () => A`,
  ],
  ['blocks of one namespace', `namespace N { export const x = 1; export class C {} } namespace N { export const y = () => [x, C] } ${F}`],
  [
    'blocks of one namespace inside of another',
    `namespace N { export namespace P { const h = 1; export const x = h } export namespace P { export const y = x } } namespace N { export namespace P { export const z = y } } ${F}`,
  ],
  [
    'blocks that are given out to nobody',
    `namespace N { namespace P { export const x = 1 } namespace P { export const y = x } export const z = P } ${F}`,
  ],
  [
    'a namespace merged with a function',
    `export function f() { return f.a } export namespace f { export let a = 1; export const b = () => f(a) }`,
  ],
  ['a namespace merged with a class', `export class f { s() { return f.t } } export namespace f { export const t = () => new f() }`],
  [
    'a namespace merged with an enum',
    `export enum f { A, B } export namespace f { export const t = () => f.A; export function has(x) { return x === f.B } }`,
  ],
  [
    'namespaces merged with what is in a namespace',
    `namespace N { export class D {} export namespace D { export const z = new D() } function g() {} namespace g { export const p = g } export function h() {} export namespace h { export const p = h } } ${F}`,
  ],
  [
    'enums in a namespace',
    `namespace N { export enum E { A = -1, B, C = 'c', D = B << 2 } enum G { X } export const e = () => [E, G] } ${F}`,
  ],
  ['an enum in a function', `export function f() { enum E { A, B = 'b' } return E }`],
  ['enums that compute', `const k = () => 1; enum E { A = k(), B = A + 1, C = 2, D = k() + C } export const f = () => E`],
  ['an enum in a function that computes', `export function f(k) { enum E { A = k(), B = A + 1 } return E }`],
  [
    'an alias',
    `namespace N { export const a = 1; export type T = 1 } import X = N.a; import T = N.T; import M = N; export const f = (t: T) => [X, M]`,
  ],
  ['an alias that is given out', `namespace N { export namespace M { export const a = 1 } } export import f = N.M.a`],
  [
    'an alias inside of a namespace',
    `namespace M { export const a = 1; export namespace b { export const c = 1 } } namespace N { import X = M.a; export import Z = M.b.c; export const q = () => [X, Z] } ${F}`,
  ],
  [
    'what is only declared',
    `namespace N { export declare const d: number; export const k = d; declare const g: any; export const h = () => g } ${F}`,
  ],
  [
    'types',
    `namespace N { export interface T {} export type V = 1; export namespace I { export interface T {} } export const x: V = 1 } namespace P { interface X {} } namespace Q { import x = N.T } ${F}`,
  ],
  [
    'namespaces of one name in two blocks, which neither gives out',
    `namespace N { namespace M { export const a = () => k } export const m = M } namespace N { namespace M { export const k = 1 } export const n = M } ${F}`,
  ],
  ['strings, which enums hold, too', `namespace N { export const A = 'a'; export const B = 'b' } export const f = () => [N, N.A]`],
  ['a variable of the function that it becomes', `namespace N { var a = 1; if (a) { var b = 2 } export const c = () => [a, b] } ${F}`],
  ['statements', `namespace N { export const x = 1; console.log(x), console.log(2); if (x) { console.log(3) } } ${F}`],
  ['what is handed on', `namespace N { export const x = 1; Object.freeze(N); export const y = N } ${F}`],
]
for (const [name, text] of SPACES)
  for (const [by, lower] of Object.entries(lowered)) test(`K7 a namespace with ${name}, compiled by ${by}`, () => same(text, lower(text)))

/** What one of the two compiles to something else. */
for (const [name, text, by] of [
  ['a pattern', `namespace N { export const { a, b: c = 3 } = { a: 1 } as any, [d] = [c] } ${F}`, 'esbuild'],
  ['a variable that may feel what it is called on', `namespace N { export const x = [].at; export const y = x(1) } ${F}`, 'typescript'],
  [
    'an alias that nothing mentions',
    `namespace M { export const a = 1 } namespace N { import X = M.a; export const a = 1 } ${F}`,
    'typescript',
  ],
] as const)
  test(`K7 a namespace with ${name}, compiled by ${by}`, () => same(text, lowered[by](text)))

const lower = lowered.typescript
for (const [name, a, b] of [
  ['the value of a variable', 'namespace N { export const x = 1 }', 'namespace N { export const x = 2 }'],
  ['what a variable is called', 'namespace N { export const x = 1 }', 'namespace N { export const y = 1 }'],
  ['what is given out', 'namespace N { const x = 1 }', 'namespace N { export const x = 1 }'],
  [
    'which variable is meant',
    'namespace N { export const x = 1, y = 1; export const z = () => x }',
    'namespace N { export const x = 1, y = 1; export const z = () => y }',
  ],
  [
    'a variable of its own, and one of the module',
    'namespace N { export const x = 1; export const z = () => x }',
    'const x = 1; namespace N { export const y = 1; export const z = () => x }',
  ],
  ['the order of what is given out', 'namespace N { export const x = 1, y = 1 }', 'namespace N { export const y = 1, x = 1 }'],
  [
    'which function is called',
    'namespace N { export function a() {} export function b() {} export const c = () => a() }',
    'namespace N { export function a() {} export function b() {} export const c = () => b() }',
  ],
  ['what a namespace inside gives out', 'namespace N.M { export const x = 1 }', 'namespace N.M { export const x = 2 }'],
  [
    'which of two is given out',
    'namespace N { export namespace A { export const x = 1 } namespace B { export const x = 1 } }',
    'namespace N { namespace A { export const x = 1 } export namespace B { export const x = 1 } }',
  ],
  ['a constant of an enum inside', 'namespace N { export enum E { A = 1 } }', 'namespace N { export enum E { A = 2 } }'],
  ['which blocks there are', 'namespace N { export const x = 1 } namespace N { export const y = 2 }', 'namespace N { export const x = 1 }'],
] as const) {
  test(`C2 of a namespace: ${name}`, () => differs(`${a} ${F}`, `${b} ${F}`))
  test(`C2 of a namespace that is compiled: ${name}`, () => differs(lower(`${a} ${F}`), lower(`${b} ${F}`)))
}

/** Code that looks like what compilers make, and is something else. */
const IIFE = '(function (N) { N.x = 1 })'
for (const [name, text, is] of [
  [
    'a namespace that is assigned elsewhere',
    `var N; (function (M) { M.x = 1; M.y = () => M.x })(N || (N = {})); export const f = () => N; export const g = () => { N = 2 }`,
    `var N; (function (M) { M.x = 1; M.y = () => N.x })(N || (N = {})); export const f = () => N; export const g = () => { N = 2 }`,
  ],
  ['an object that is there before', `var N = { y: 1 }; ${IIFE}(N || (N = {})); ${F}`, `var N = { y: 2 }; ${IIFE}(N || (N = {})); ${F}`],
  [
    'a function that returns',
    `var N; (function (N) { if (N.y) return; N.x = 1 })(N || (N = {})); ${F}`,
    `var N; (function (N) { if (N.y) {} N.x = 1 })(N || (N = {})); ${F}`,
  ],
  [
    'a function with a this of its own',
    `var N; (function (N) { N.x = this })(N || (N = {})); ${F}`,
    `var N; ((N) => { N.x = this })(N || (N = {})); ${F}`,
  ],
  ['another object beside', `var N; var M; ${IIFE}(N || (N = {})); ${F}`, `var N; var M; ${IIFE}(N || (M = {})); ${F}`],
  [
    'a member of another object',
    `var N; var M; ${IIFE}(N = M.N || (M.N = {})); ${F}`,
    `var N; var M; ${IIFE}(N = M.O || (M.O = {})); ${F}`,
  ],
  [
    'two members of the object around',
    `var N; (function (N) { let M; ${IIFE.replaceAll('N', 'M')}(M = N.M || (N.M = {})) })(N || (N = {})); ${F}`,
    `var N; (function (N) { let M; ${IIFE.replaceAll('N', 'M')}(M = N.M || (N.O = {})) })(N || (N = {})); ${F}`,
  ],
  [
    'which of two is given out',
    `namespace N { export namespace A { export const x = 1 } namespace B { export const x = 1 } } ${F}`,
    `namespace N { namespace A { export const x = 1 } export namespace B { export const x = 1 } } ${F}`,
  ],
  [
    'a call by another receiver',
    `var N; ((M) => { M.x = k; M.y = (0, M.x)() })(N || (N = {})); ${F}`,
    `var N; ((M) => { M.x = k; M.y = M.x() })(N || (N = {})); ${F}`,
  ],
  [
    'a call by another receiver, of a function that feels it',
    `var N; ((M) => { M.x = function () { return this }; M.y = (0, M.x)() })(N || (N = {})); ${F}`,
    `var N; ((M) => { M.x = function () { return this }; M.y = M.x() })(N || (N = {})); ${F}`,
  ],
  [
    'a call by another receiver, of a function that has overloads and feels it',
    `var N; ((M) => { function x(): any; function x(this: any) { return this }; M.x = x; M.y = (0, M.x)() })(N || (N = {})); ${F}`,
    `var N; ((M) => { function x(): any; function x(this: any) { return this }; M.x = x; M.y = M.x() })(N || (N = {})); ${F}`,
  ],
  [
    'a call by another receiver, of a function with an arrow that feels it',
    `var N; ((M) => { M.x = function () { return () => this }; M.y = (0, M.x)() })(N || (N = {})); ${F}`,
    `var N; ((M) => { M.x = function () { return () => this }; M.y = M.x() })(N || (N = {})); ${F}`,
  ],
  [
    'a function with arguments of its own',
    `var N; (function (N) { N.x = arguments })(N || (N = {})); ${F}`,
    `var N; ((N) => { N.x = arguments })(N || (N = {})); ${F}`,
  ],
  ['a function that only starts', `var N; (function* (N) { N.x = 1 })(N || (N = {})); ${F}`, `var N; ${IIFE}(N || (N = {})); ${F}`],
  [
    'a function that goes on',
    `var N; (async (N) => { await 1; N.x = 1 })(N || (N = {})); ${F}`,
    `var N; ((N) => { N.x = 1 })(N || (N = {})); ${F}`,
  ],
  [
    'a function that is called as what it mentions',
    `var N; (function M(N) { N.x = M })(N || (N = {})); ${F}`,
    `var N; (function (N) { N.x = M })(N || (N = {})); ${F}`,
  ],
  ['a function without a block', `var N; ((N) => (N.x = 1))(N || (N = {})); ${F}`, `var N; ((N) => (N.x = 2))(N || (N = {})); ${F}`],
  ['an object that holds something', `var N; ${IIFE}(N || (N = { y: 1 })); ${F}`, `var N; ${IIFE}(N || (N = { y: 2 })); ${F}`],
  ['an object that is made elsewhere', `var N; ${IIFE}(N || (N = k)); ${F}`, `var N; ${IIFE}(N || (N = {})); ${F}`],
  ['an object that is no member', `var N, k; ${IIFE}(N = k || (k = {})); ${F}`, `var N, k; ${IIFE}(N = k || (N = {})); ${F}`],
  [
    'an enum that another object fills',
    `var N = ((e) => { e[e["A"] = 0] = "A"; return e })(M || {}); ${F}`,
    `var N = ((e) => { e[e["A"] = 0] = "A"; return e })(N || {}); ${F}`,
  ],
  [
    'a variable beside an enum',
    `var E = ((e) => { e[e["A"] = 0] = "A"; return e })(E || {}), k = 1; export const f = () => [E, k]`,
    `var E = ((e) => { e[e["A"] = 0] = "A"; return e })(E || {}), k = 2; export const f = () => [E, k]`,
  ],
  [
    'a member of a text',
    `var N; (function (N) { ('N' as any).x = 1 })(N || (N = {})); ${F}`,
    `var N; (function (N) { N.x = 1 })(N || (N = {})); ${F}`,
  ],
  ['a global object', `${IIFE}(N || (N = {})); ${F}`, `(function (N) { N.x = 2 })(N || (N = {})); ${F}`],
  [
    'a global object, beside an enum',
    `var E = ((e) => { e[e["A"] = 0] = "A"; return e })(E || {}); (function (M) { M.x = 1; M.y = () => M.x })(N || (N = {})); ${F}`,
    `var E = ((e) => { e[e["A"] = 0] = "A"; return e })(E || {}); (function (M) { M.x = 1; M.y = () => N.x })(N || (N = {})); ${F}`,
  ],
  [
    'a parameter that is declared again',
    `var N; (function (M) { var M = k; M.x = 1 })(N || (N = {})); ${F}`,
    `var N; (function (M) { M.x = 1; var M = k })(N || (N = {})); ${F}`,
  ],
] as const)
  test(`C1 ${name}`, () => differs(text, is))

/** A function that is called at once with what `N` holds, whose `M` is `N` as long as nobody assigns that. */
const filled = (by: 'M' | 'N', more: string): string =>
  `var N; (function (M) { M.x = 1; M.y = () => ${by}.x })(N || (N = {})); ${F}; export const g = (q: any) => { ${more} }`
for (const assigned of [
  'N = 2',
  '(N as any) ??= 2',
  'N ^= 2',
  'N++',
  '--N',
  '[N] = q',
  '[q.a, [...N]] = q',
  '[N = 1] = q',
  '({ N } = q)',
  '({ N = 1 } = q)',
  '({ a: N } = q)',
  '({ a: { b: N = 1 } } = q)',
  '({ ...N } = q)',
  'for (N of q) {}',
  'for (N in q) {}',
  'return { N() { N = 1 } }',
  '}; var N: any = 2; {',
  '}; var { a: [N] } = k; {',
  '}; for (var N of k) {',
  '}; namespace P { N = 2',
  '}; { (function (M) { M.x = N = 2 })(P || (P = {}))',
])
  test(`C1 a namespace that is assigned elsewhere: ${assigned}`, () => differs(filled('M', assigned), filled('N', assigned)))

for (const kept of [
  'q = [N, { N, a: N }, N + 1, -N, !N, N == q, N in q, N instanceof q]',
  'for (const a of N) for (let N of q) N = 1; for (const N in q) {}',
  'for (let N = 0; ; N++) {}',
  '{ let N; N = 1 }',
  '{ N = 1; function N() {} }',
  'switch (q) { case 1: let N; default: N = 1 }',
  'try {} catch (N) { N = 2 } try {} catch { q = 1 }',
  'if (q) { var N = 1 } N++',
  'return (N) => { N = 1 }',
  'return ({ N }, [...M]) => { ({ N } = M) }',
  'return function N() { N = 1 }',
  'return class { static { var N; N = 1 } }',
])
  test(`a namespace does not feel what is no assignment, or one of another name: ${kept}`, () => same(filled('M', kept), filled('N', kept)))

test('an alias that nothing mentions as a value leaves nothing, one that is used is evaluated', () => {
  const files = (alias: string): Record<string, string> => ({
    'a.ts': `import * as b from './b.js'; ${alias} export const f = 1`,
    'b.ts': 'export const x = { y: { z: 1 } }',
  })
  same(files('import X = b.x.y; type T = X'), files(''), 'a.ts#f')
  differs(files('import X = b.x.y; export const g = () => X'), files('export const g = () => 1'), 'a.ts#f')
  same(files('import type X = b.x.y; export const g = (X) => X'), files('export const g = (X) => X'), 'a.ts#f')
})

const STEP = `import { FlowSpec, step } from 'mintmark'
export class F extends FlowSpec { @step a() { return [N.x, E.A, C.s(), o.a] } @step b() { return N } @step c() { return E } @step d() { return new C().m() } @step e() { return [new D(), P.all()] } }\n`
const AROUND = `export enum E { A, B } export namespace E { export const more = 1; export const of = () => E.B }
export class C { static s() { return 1 } m() { return E.B } other() {} } export namespace C { export const other = () => new C() }
export class D { named() { return 1 } } export namespace P { export const named = () => 2; export const all = () => named }
export namespace N { export let x = 1; export function inc() { x++ } } const o = { a: 1, b: 2 }; o.b = 3\n`
test('K7 a step does not feel that the namespaces around it are compiled', () => {
  const steps = (around: string): Record<string, string> => stepFingerprints({ 'flow.ts': STEP + around })
  assert.equal(steps(lowered.typescript(AROUND)), steps(AROUND))
})

test('every namespace of a module has the fingerprint that it has when it is compiled', () => {
  const text = AROUND.replace('const o =', 'export const o =')
  const all = fingerprints(text)
  for (const lower of Object.values(lowered)) assert.equal(fingerprints(lower(text)), all)
})

test.run()
