// Edits of one module that cannot change what it does: layout (K1), types (K2), names (K3). Each case is two texts of `a.ts` whose export
// `f` has one fingerprint.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fingerprints, same } from './support/fingerprints.js'

type Case = readonly [name: string, a: string, b: string, at?: string]

const LAYOUT: readonly Case[] = [
  ['comments do not count', 'export const f = (x) => x + 1', '/** doc */ export const /* a */ f = (x /* b */) => x /* c */ + 1 // d\n// e'],
  [
    'white space does not count',
    'export const f=(x)=>{if(x)return 1;return 2}',
    'export const f = (\n  x,\n) => {\n  if (x)\n    return 1\n\n  return 2\n}\n',
  ],
  [
    'what is only asked for its truth may be denied twice',
    'export function f(x) { if (x) return x ? 1 : 2; while (!x()) do {} while (x()); for (; x(); ); }',
    'export function f(x) { if (!!x) return !!(!!x) ? 1 : 2; while (!!!x()) do {} while (!!x()); for (; !!x(); ); }',
  ],
  ['line ends do not count', 'export const f = (x) => {\n  return x\n}\n', 'export const f = (x) => {\r\n  return x\r\n}\r\n'],
  ['a byte order mark does not count', 'export const f = 1', '\uFEFFexport const f = 1'],
  ['a first line for the shell does not count', 'export const f = 1', '#!/usr/bin/env node\nexport const f = 1'],
  [
    'nor does it behind a byte order mark',
    'let g; export const f = () => g; g = console.log(1)',
    '\uFEFF#!/usr/bin/env node\r\nlet g; export const f = () => g; g = console.log(1)',
  ],
  [
    'semicolons do not count',
    'export function f(x) { g(x); return 1; };; function g(x) {}',
    'export function f(x) { g(x)\nreturn 1 }\nfunction g(x) {}',
  ],
  ['empty statements do not count', 'export function f(x) { for (;;) {} }', 'export function f(x) { ;; for (;;) ;; }'],
  ['the order of flags does not count', 'export const f = [/[/]/gim, /\\/x/uy]', 'export const f = [/[/]/mig, /\\/x/yu]'],
  [
    'void before a statement does not count',
    'export async function f(g) { g(); await g() }',
    'export async function f(g) { void g(); void (await g()) }',
  ],
  ['quotes do not count', `export const f = ['a', "it's"]`, `export const f = ["a", 'it\\'s']`],
  ['a template that has no holes is a string', 'export const f = `a\nb`', `export const f = 'a\\nb'`],
  ['line ends inside a template do not count', 'export const f = (x) => `a\n${x}\nb`', 'export const f = (x) => `a\r\n${x}\r\nb`'],
  [
    'line ends inside a tagged template do not count',
    'export const f = (t, x) => t`a\n${x}\nb`',
    'export const f = (t, x) => t`a\r\n${x}\r\nb`',
  ],
  ['a continued line inside a string does not count', `export const f = 'ab'`, `export const f = 'a\\\r\nb'`],
  [
    'trailing commas do not count',
    'export const f = (a, b) => g([a, b], {a, b}); const g = (x, y) => x',
    'export const f = (a, b,) => g([a, b,], {a, b,},); const g = (x, y,) => x',
  ],
  [
    'redundant parentheses do not count',
    'export const f = (a, b) => a + b * 2 || !a',
    'export const f = (a, b) => (((a) + ((b) * (2))) || (!(a)))',
  ],
  ['parentheses around one parameter do not count', 'export const f = x => x', 'export const f = (x) => x'],
  ['parentheses around a callee do not count', 'export const f = (a) => a.b()', 'export const f = (a) => (a.b)()'],
  [
    'parentheses around a target do not count',
    'export const f = (a) => { a.b = 1; [a.c] = [2] }',
    'export const f = (a) => { (a.b) = 1; [(a.c)] = [2] }',
  ],
  ['parentheses around `void 0` do not count', 'export const f = () => void 0', 'export const f = () => void (0)'],
  [
    'parentheses around a default export do not count',
    'const g = () => 1; export default g',
    'const g = () => 1; export default (g)',
    'default',
  ],
  ['`new X` is `new X()`', 'export const f = () => new Map', 'export const f = () => new Map()'],
  [
    'spelling of numbers does not count',
    'export const f = [255, 0.5, 1000, 8, 5, 100]',
    'export const f = [0xff, .50, 1_000, 0o10, 0b101, 1e2]',
  ],
  ['spelling of big integers does not count', 'export const f = [255n, 1000n]', 'export const f = [0xFFn, 1_000n]'],
  ['spelling of a number as a key does not count', 'export const f = {16: 1}', 'export const f = {0x10: 1}'],
  ['a key may be a number or its string', 'export const f = {16: 1}', `export const f = {'16': 1}`],
  ['a key may be a big integer', 'export const f = {16: 1}', 'export const f = {0x10n: 1}'],
  [
    'escapes in strings do not count',
    `export const f = ['A', 'é', '\\n', '😀', '\\0']`,
    `export const f = ['\\x41', '\\u00e9', '\\u000A', '\\u{1F600}', '\\x00']`,
  ],
  ['escapes in templates do not count', 'export const f = (x) => `A${x}`', 'export const f = (x) => `\\u0041${x}`'],
  ['escapes in names do not count', 'export const f = (abc) => abc.d', 'export const f = (\\u0061bc) => \\u0061bc.\\u0064'],
  ['a lone surrogate may be spelled either way', `export const f = '\\ud800'`, `export const f = '\\u{D800}'`],
  ['{a} is {a: a}', 'export const f = (a, b) => ({ a, b })', 'export const f = (a, b) => ({ a: a, b: b })'],
  ['{a} is {a: a} in a pattern', 'export const f = ({ a, b = 1 }) => a + b', 'export const f = ({ a: a, b: b = 1 }) => a + b'],
  [
    '{a} is {a: a} in an assignment',
    'export const f = (o, a) => { ({ a } = o); ({ a = 1 } = o) }',
    'export const f = (o, a) => { ({ a: a } = o); ({ a: a = 1 } = o) }',
  ],
  [`{'a': 1} is {a: 1}`, `export const f = { a: 1, 'b-c': 2 }`, `export const f = { 'a': 1, "b-c": 2 }`],
  [`x['a'] is x.a`, 'export const f = (x) => x.a.b?.c', `export const f = (x) => x['a']["b"]?.['c']`],
  ['=> x is => { return x }', 'export const f = (x) => x', 'export const f = (x) => { return x }'],
  ['=> ({}) is => { return {} }', 'export const f = () => ({})', 'export const f = () => { return {} }'],
  [
    'braces around one statement do not count',
    'export function f(x) { if (x) return 1; else return 2 }',
    'export function f(x) { if (x) { return 1 } else { return 2 } }',
  ],
  [
    '`else if` may have braces',
    'export function f(x) { if (x) x(); else if (x > 1) x(2) }',
    'export function f(x) { if (x) { x() } else { if (x > 1) { x(2) } } }',
  ],
  [
    'braces around a loop body do not count',
    'export function f(x) { for (const y of x) y(); while (x) x(); do x(); while (x) }',
    'export function f(x) { for (const y of x) { y() } while (x) { x() } do { x() } while (x) }',
  ],
  ['a block that binds no name does not count', 'export function f(x) { x(); x(1) }', 'export function f(x) { { x() } { { x(1) } } }'],
  [
    '`var` in a block that is only braces does not count',
    'export function f(x) { var y = x; return y }',
    'export function f(x) { { var y = x } return y }',
  ],
  [
    'one declaration list or several',
    'export function f() { const a = 1, b = 2; return a + b }',
    'export function f() { const a = 1; const b = 2; return a + b }',
  ],
  [
    'one declaration list or several at the top',
    'const a = 1, b = 2; export const f = () => a + b',
    'const a = 1; const b = 2; export const f = () => a + b',
  ],
  ['let or const', 'export function f() { let a = 1; return a }', 'export function f() { const a = 1; return a }'],
  ['undefined is void 0', 'export const f = () => undefined', 'export const f = () => void 0'],
  ['strings that are added', `export const f = (x) => x + 'ab'`, `export const f = (x) => x + 'a' + 'b'`],
  [
    'strings and primitives that are added',
    `export const f = (x) => x + 'a1truefalsenull'`,
    `export const f = (x) => x + 'a' + 1 + true + false + null`,
  ],
  ['grouping of && does not count', 'export const f = (a, b, c) => a && b && c', 'export const f = (a, b, c) => a && (b && c)'],
  [
    'a named function expression that never uses its name',
    'export const f = function () { return 1 }',
    'export const f = function g() { return 1 }',
  ],
  ['a named class expression that never uses its name', 'export const f = class { a() {} }', 'export const f = class C { a() {} }'],
  ['`export` beside or below', 'export const f = () => 1', 'const f = () => 1; export { f }'],
  ['semicolons in a class do not count', 'export class f { a = 1; b() {} }', 'export class f { a = 1;; b() {}; }'],
  [
    'asynchronous and generator functions',
    'export const f = { async *g() { yield* h() } }; async function* h() {}',
    'export const f = {async*g(){yield*h()}}\nasync function *h(){}',
  ],
  ['directives at the top do not count in a module', 'export const f = 1', `'use strict'\nexport const f = 1`],
]

const TYPES: readonly Case[] = [
  [
    'annotations',
    'export function f(a, b = 1) { const c = a; return c }',
    'export function f(a: string, b: number = 1): string { const c: string = a; return c }',
  ],
  [
    'generics',
    'export const f = (x) => g(x); const g = (x) => x',
    'export const f = <T extends object = {}>(x: T) => g<T>(x); const g = <const T,>(x: T): T => x',
  ],
  ['an interface by default', 'export const f = 1', 'interface T { a: 1 }; export default T; export const f = 1'],
  ['a type by default', 'export const f = 1', 'export default T; type T = 1; export const f = 1'],
  ['casts', 'export const f = (x) => x.a', 'export const f = (x: unknown) => (x as any as { a: string }).a'],
  ['angle bracket casts', 'export const f = (x) => x.a', 'export const f = (x: unknown) => (<any>x).a'],
  ['`as const`', 'export const f = [1, 2]', 'export const f = [1, 2] as const'],
  ['satisfies', 'export const f = { a: 1 }', 'export const f = { a: 1 } satisfies Record<string, number>'],
  ['non-null marks', 'export const f = (x) => x.a.b[0].c', 'export const f = (x: any) => x!.a!.b![0]!.c!'],
  ['a non-null mark inside an optional chain', 'export const f = (x) => x?.a.b', 'export const f = (x: any) => x?.a!.b'],
  [
    'casts of targets',
    'export const f = (x) => { x.a = 1; x.b++; delete x.c }',
    'export const f = (x: any) => { (x as any).a = 1; (x.b as number)++; delete (x!).c }',
  ],
  [
    'instantiation expressions',
    'export const f = g; function g(x) { return x }',
    'export const f = g<string>; function g<T>(x: T) { return x }',
  ],
  ['a cast of a default export', 'const g = { a: 1 }; export default g', 'const g = { a: 1 }; export default g as object', 'default'],
  [
    'satisfies on a default export',
    'const g = { a: 1 }; export default g',
    'const g = { a: 1 }; export default g satisfies object',
    'default',
  ],
  [
    'interfaces and aliases',
    'export const f = 1',
    'interface A { a: 1 }\ntype B = A; export type C = B\nexport interface D extends A {}\nexport const f = 1',
  ],
  [
    'type-only imports',
    'export const f = (x) => x',
    `import type { A } from './b.js'\nimport { type B } from './b.js'\nimport type C from './b.js'\nimport type * as d from './b.js'\nexport const f = (x: A | B | C | d.E) => x`,
  ],
  ['imports used only as types', 'export const f = (x) => x', `import { A } from './nowhere.js'\nexport const f = (x: A) => x`],
  ['type-only exports', 'export const f = 1', 'interface A {}\nexport const f = 1\nexport type { A }'],
  ['`import x = require` of types', 'export const f = (x) => x', `import type a = require('./b.js')\nexport const f = (x: a.B) => x`],
  [
    'overloads',
    'export function f(x) { return x }',
    'export function f(x: string): string\nexport function f(x: number): number\nexport function f(x: any) { return x }',
  ],
  [
    'overloads of methods and constructors',
    'export class f { constructor(x) {} m(x) {} }',
    'export class f { constructor(x: string); constructor(x: any) {} m(x: string): void; m(x: number): void; m(x: any) {} }',
  ],
  [
    'declare',
    'export const f = () => X',
    'declare const X: number; declare function g(): void; declare class K {}; declare module "m" { const a: 1 }; declare global { var z: 1 }\nexport const f = () => X',
  ],
  ['declared fields', 'export class f {}', 'export class f { declare a: string; [key: string]: unknown }'],
  [
    'access modifiers, readonly, override',
    'export class f extends Map { a = 1; b() {} static c = 1 }',
    'export class f extends Map<string, string> { private readonly a = 1; protected override b() {} public static readonly c = 1 }',
  ],
  [
    'abstract',
    'export class f { b() {} }',
    'export abstract class f { abstract a(): void; b() {} abstract c: string; abstract get d(): string }',
  ],
  [
    'optional and definite marks',
    'export class f { a; b() {}; c = (x) => x }',
    'export class f { a!: string; b?() {}; c = (x?: string) => x }',
  ],
  [
    'types inside of a function',
    'export function f() { return 1 }',
    'export function f() { interface A {} type B = A; return 1 as B as any }',
  ],
  ['definite variables', 'export function f() { let a; return () => a }', 'export function f() { let a!: string; return () => a }'],
  [
    '`this` parameters',
    'export function f(a) { return this.b + a }',
    'export function f(this: { b: string }, a: string) { return this.b + a }',
  ],
  [
    'implements and class type parameters',
    'export class f extends g {}; class g {}',
    'interface I {}\nexport class f<T> extends g<T> implements I {}; class g<T> {}',
  ],
  [
    'which access modifier makes a parameter a property',
    'export class f { constructor(readonly a) {} }',
    'export class f { constructor(protected a: string) {} }',
  ],
  [
    'a parameter property written out',
    'export class f { a; constructor(a) { this.a = a; g() } }; function g() {}',
    'export class f { constructor(private a: string) { g() } }; function g() {}',
  ],
  [
    'a parameter property written out after super',
    'export class f extends Map { a; constructor(a) { super(); this.a = a } }',
    'export class f extends Map { constructor(private a) { super() } }',
  ],
  ['predicates and assertions', 'export function f(x) { return x }', 'export function f(x: unknown): x is string { return x as any }'],
  [
    'types inside of a namespace',
    'namespace N { export const a = 1 } export const f = () => N.a',
    'namespace N { export interface A {} export const a = 1; export type B = A } export const f = () => N.a',
  ],
  [
    'a namespace inside of another, written in one',
    'namespace N { export namespace M { export const a = 1 } } export const f = () => N.M.a',
    'namespace N.M { export const a = 1 } export const f = () => N.M.a',
  ],
  [
    'namespaces that hold only types',
    'export const f = 1',
    'namespace N { export interface A {} export namespace M { export type B = A } }\nexport const f = 1',
  ],
  [
    'accessor pairs with types',
    'export class f { get a() { return 1 } set a(v) {} }',
    'export class f { get a(): number { return 1 } set a(v: number) {} }',
  ],
  [
    'an unused name in catch',
    'export function f(x) { try { x() } catch { x(1) } }',
    'export function f(x) { try { x() } catch (e) { x(1) } }',
  ],
  [
    'catch annotations',
    'export function f() { try { f() } catch (e) { throw e } }',
    'export function f() { try { f() } catch (e: unknown) { throw e } }',
  ],
  [
    'a type named like a value',
    'const A = 1; export const f = () => A',
    'type A = string; const A = 1; export const f = (): A => A as any',
  ],
  [
    'overloads of a constructor with parameter properties',
    'export class f { constructor(private x) {} }',
    'export class f { constructor(x: string); constructor(private x: any) {} }',
  ],
  ['const enum or enum', 'enum E { A = 1 }; export const f = () => E.A', 'const enum E { A = 1 }; export const f = () => E.A'],
]

const NAMES: readonly Case[] = [
  ['parameters', 'export const f = (a, b) => a - b', 'export const f = (b, a) => b - a'],
  ['locals', 'export function f(x) { const y = x, z = y; return z }', 'export function f(a) { const b = a, c = b; return c }'],
  [
    'a local may take the name of a top-level one',
    'const y = 1; export function f(x) { const z = x; return z }',
    'const y = 1; export function f(x) { const y = x; return y }',
  ],
  ['a local may take the name of a global one', 'export const f = (x) => x.a', 'export const f = (Map) => Map.a'],
  [
    'an inner name may shadow an outer one',
    'export const f = (a) => [a].map((b) => b + 1)',
    'export const f = (a) => [a].map((a) => a + 1)',
  ],
  [
    'names in patterns',
    'export const f = ({ p: a, ...b }, [c, , d]) => [a, b, c, d]',
    'export const f = ({ p: z, ...y }, [x, , w]) => [z, y, x, w]',
  ],
  [
    'names of hoisted functions',
    'export function f() { return g(); function g() { return g } }',
    'export function f() { return h(); function h() { return h } }',
  ],
  [
    'names of hoisted variables',
    'export function f() { x = 1; if (x) { var x } return x }',
    'export function f() { y = 1; if (y) { var y } return y }',
  ],
  [
    'names of `var` counters',
    'export function f() { for (var i = 0; i < 3; i++) {} return i }',
    'export function f() { for (var j = 0; j < 3; j++) {} return j }',
  ],
  [
    'labels',
    'export function f(x) { a: for (;;) { b: for (;;) { if (x) break a; continue b } } }',
    'export function f(x) { outer: for (;;) { inner: for (;;) { if (x) break outer; continue inner } } }',
  ],
  [
    'labels one after the other',
    'export function f() { a: { break a } b: { break b } }',
    'export function f() { a: { break a } a: { break a } }',
  ],
  [
    'a label inside a function inside a label',
    'export function f() { a: for (;;) { const g = () => { b: for (;;) break b }; break a } }',
    'export function f() { a: for (;;) { const g = () => { a: for (;;) break a }; break a } }',
  ],
  [
    '#private names',
    'export class f { #a = 1; #b() { return this.#a } c(o) { return #a in o && o.#b() } }',
    'export class f { #x = 1; #y() { return this.#x } c(o) { return #x in o && o.#y() } }',
  ],
  [
    '#private names of a local class',
    'export function f() { return class { #a = 1; b() { return this.#a } } }',
    'export function f() { return class { #z = 1; b() { return this.#z } } }',
  ],
  [
    '#private accessors',
    'export class f { get #a() { return 1 } set #a(v) {} b() { this.#a = this.#a + 1 } }',
    'export class f { get #z() { return 1 } set #z(v) {} b() { this.#z = this.#z + 1 } }',
  ],
  [
    'names of local classes and enums',
    'export function f() { class A {} enum B { X } return [new A(), B.X] }',
    'export function f() { class C {} enum D { X } return [new C(), D.X] }',
  ],
  [
    'names of followed functions',
    'const g = (x) => x + 1; export const f = (x) => g(x)',
    'const inc = (x) => x + 1; export const f = (x) => inc(x)',
  ],
  [
    'names of followed functions that call each other',
    'function a(n) { return n && b(n - 1) } function b(n) { return n || a(n) } export const f = a',
    'function b(n) { return n && c(n - 1) } function c(n) { return n || b(n) } export const f = b',
  ],
  [
    'names of followed classes',
    'class A { static of() { return new A() } } export const f = () => A.of()',
    'class B { static of() { return new B() } } export const f = () => B.of()',
  ],
  [
    'names of followed enums and namespaces',
    'enum A { X } namespace N { export const y = 1 } export const f = () => [A.X, N.y]',
    'enum B { X } namespace M { export const y = 1 } export const f = () => [B.X, M.y]',
  ],
  [
    'names of what an alias stands for',
    'namespace N { export const a = 1 } import X = N.a; export const f = () => X',
    'namespace M { export const a = 1 } import Y = M.a; export const f = () => Y',
  ],
  [
    'names inside of a namespace',
    'namespace N { const x = 1; export const y = () => x } export const f = () => N.y',
    'namespace N { const z = 1; export const y = () => z } export const f = () => N.y',
  ],
  [
    'names of the parameters of type guards in closures',
    'export const f = (xs) => { const g = []; for (const x of xs) g.push(() => x); return g }',
    'export const f = (list) => { const out = []; for (const item of list) out.push(() => item); return out }',
  ],
  [
    'names of caught errors',
    'export function f() { try { f() } catch (e) { throw e } }',
    'export function f() { try { f() } catch (error) { throw error } }',
  ],
  [
    'the own name of a function expression',
    'export const f = function g(n) { return g(n) }',
    'export const f = function h(n) { return h(n) }',
  ],
  ['the own name of a class expression', 'export const f = class A { b() { return A } }', 'export const f = class B { b() { return B } }'],
  ['the name of the export itself', 'export const f = (x) => x', 'const anything = (x) => x; export { anything as f }'],
  ['a local that names a module', 'export const f = (x) => import(x)', 'export const f = (y) => import(y)'],
  [
    'the order of functions that assign',
    'let n = 0; function a() { n = 1 } function b() { n = 2 } export const f = () => n',
    'let n = 0; function b() { n = 2 } function a() { n = 1 } export const f = () => n',
  ],
  ['a string that reads like a name', `const g = 1; export const f = () => 'g'.length`, `const g = 2; export const f = () => 'g'.length`],
  [
    'another name for the same thing',
    'const g = () => 1; export const f = () => g()',
    'const g = () => 1; const h = g; export const f = () => h()',
  ],
]

for (const [rule, cases] of [
  ['K1', LAYOUT],
  ['K2', TYPES],
  ['K3', NAMES],
] as const)
  for (const [i, [name, a, b, at]] of cases.entries()) test(`${rule}.${i + 1} ${name}`, () => same(a, b, at ?? 'f'))

test('K2 a type that is given out by default has no fingerprint, a value of the same name has one', () => {
  assert.equal(Object.keys(fingerprints('interface T {}; export default T')), [])
  assert.equal(Object.keys(fingerprints('interface T {}; const T = 1; export default T')), ['a.ts#default'])
  assert.equal(Object.keys(fingerprints('interface T {}; export default U')), ['a.ts#default'])
})

test.run()
