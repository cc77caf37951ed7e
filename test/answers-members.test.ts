// What a step reaches by names: members of classes and objects, methods that the language calls, modules.
// Each program is really run before and after the edit that `«before|after»` marks: what its step answers differs, so its stamp must.

import { test } from 'uvu'
import { answers } from './support/programs.js'

const { flow, run } = answers(test)

flow(
  'methods that change places between two classes',
  `class A { m() { return «1|2» } } class B { m() { return «2|1» } }`,
  `return [new A().m(), new B().m()]`,
)
flow(
  'classes that change places, where their methods are called by name',
  `class A { then(ok: any) { ok(1) } } class B { then(ok: any) { ok(2) } }`,
  `return [await (new «A|B»() as any), await (new «B|A»() as any)]`,
)
flow(
  'statics that change places between two classes',
  `class A { static m = () => «1|2» } class B { static m = () => «2|1» }`,
  `return [A, B].map((c) => c.m())`,
)
flow('a member and a variable of one name', `const b = «1|2»; class C { b = 5; m() { return this.b + b } }`, `return new C().m()`)
flow('concat name', `class C { method() { return «1|2» } }`, `return (new C() as any)['me' + 'thod']()`)
flow('Reflect.get', `class C { method() { return «1|2» } }`, `return Reflect.get(new C(), 'me' + 'thod')()`)
flow('Reflect.get literal', `class C { method() { return «1|2» } }`, `return Reflect.get(new C(), 'method')()`)
flow('Reflect destructured', `const { get } = Reflect; class C { method() { return «1|2» } }`, `return get(new C(), 'method')()`)
flow('getOwnPropertyNames', `class C { method() {} «a|b»() {} }`, `return Object.getOwnPropertyNames(C.prototype)`)
flow(
  'descriptors',
  `class C { method() { return «1|2» } }`,
  `return Object.values(Object.getOwnPropertyDescriptors(C.prototype)).map(d => d.value).filter(v => v !== C)[0]()`,
)
flow(
  'getOwnPropertyDescriptor',
  `class C { method() { return «1|2» } }`,
  `return Object.getOwnPropertyDescriptor(C.prototype, 'method')!.value()`,
)
flow('number method', `class C { 0() { return «1|2» } }`, `return new C()[0]()`)
flow(
  'counter method',
  `class C { 0() { return «1|2» } length = 1 }`,
  `const c: any = new C(); let s = 0; for (let i = 0; i < c.length; i++) s += c[i](); return s`,
)
flow('neg number method', `class C { '-1'() { return «1|2» } }`, `return (new C() as any)[-1]()`)
flow('bool method', `class C { true() { return «1|2» } }`, `const k = 1; return (new C() as any)[!!k as any]()`)
flow('for in object', `const T = { a: 1, b: «1|2» }`, `let s = 0; for (const k in T) s += (T as any)[k]; return s`)
flow('Object.entries instance', `class C { x = «1|2»; y = 3 }`, `return Object.entries(new C())`)
flow('Proxy handler class', `class H { get() { return «1|2» } }`, `return new Proxy({} as any, new H()).q`)
flow('Proxy handler has', `class H { has() { return «true|false» } }`, `return 'q' in new Proxy({} as any, new H())`)
flow('Proxy ownKeys', `class H { ownKeys() { return ['«a|b»'] } }`, `return Reflect.ownKeys(new Proxy({} as any, new H()))`)
flow('toLocaleString', `class C { toLocaleString() { return '«1|2»' } }`, `return [new C()].toLocaleString()`)
flow('toISOString by Date.toJSON', `class C { toISOString() { return '«1|2»' } }`, `return Date.prototype.toJSON.call(new C() as any)`)
flow('toJSON', `class C { toJSON() { return '«1|2»' } }`, `return JSON.stringify(new C())`)
flow('toString in template', `class C { toString() { return '«1|2»' } }`, `return \`\${new C()}\``)
flow('valueOf', `class C { valueOf() { return «1|2» } }`, `return +(new C() as any) + 1`)
flow('toPrimitive', `class C { [Symbol.toPrimitive]() { return «1|2» } }`, `return +(new C() as any) + 1`)
flow('hasInstance', `class C { static [Symbol.hasInstance]() { return «true|false» } }`, `return ({}) instanceof C`)
flow('iterator', `class C { *[Symbol.iterator]() { yield «1|2» } }`, `return [...new C()]`)
flow('thenable', `class C { then(ok: any) { ok(«1|2») } }`, `return await (new C() as any)`)
flow(
  'iterator next',
  `class It { n = 0; next() { return { done: this.n++ > 0, value: «1|2» } } } class C { [Symbol.iterator]() { return new It() } }`,
  `return [...new C() as any]`,
)
flow(
  'iterator return',
  `let closed = 0; class It { next() { return { done: false, value: 1 } } return() { closed = «1|2»; return {} } } class C { [Symbol.iterator]() { return new It() } }`,
  `for (const x of new C() as any) break; return closed`,
)
flow(
  'species',
  `class C extends Array { static get [Symbol.species]() { return «Array|Object» as any } }`,
  `return new C(1,2,3).map((x: any) => x)`,
)
flow('toStringTag', `class C { get [Symbol.toStringTag]() { return '«1|2»' } }`, `return Object.prototype.toString.call(new C())`)
flow(
  'descriptor instance',
  `class D { enumerable = true; get() { return «1|2» } }`,
  `const o: any = {}; Object.defineProperty(o, 'x', new D()); return o.x`,
)
flow(
  'regexp exec by method',
  `class R { exec() { return «null|[]» } flags = '' }`,
  `return RegExp.prototype.test.call(new R() as any, 'x')`,
)
flow('array join by toString', `class R { join() { return «1|2» } }`, `return Array.prototype.toString.call(new R())`)
flow('constructor by instance', `class C { constructor() { (this as any).z = «1|2» } }`, `return new (new C().constructor as any)().z`)
flow('handler callbacks map', `class C { m(x: number) { return x + «1|2» } }`, `const { m } = new C(); return [1].map(m)`)
flow('super method by name', `class B { m() { return «1|2» } } class C extends B { n() { return super.m() } }`, `return new C().n()`)
flow(
  'super computed',
  `class B { m() { return «1|2» } } class C extends B { n(k: string) { return (super[k as 'm'] as any)() } }`,
  `return new C().n('m')`,
)
flow('private via other instance', `class C { #p() { return «1|2» } static run(c: C) { return c.#p() } }`, `return C.run(new C())`)
flow(
  'private pair set first',
  `class C { set #p(v: number) {} get #p() { return «1|2» } run() { return this.#p } }`,
  `return new C().run()`,
)
flow('flow private pair set first', ``, `return this.#p`, {
  members: `set #p(v: number) {}
 get #p() { return «1|2» }`,
})
flow('static pair set first', `class C { static set x(v: number) {} static get x() { return «1|2» } }`, `return C.x`)
flow('flow pair', ``, `return this.x`, {
  members: `set x(v: number) {}
 get x() { return «1|2» }`,
})
flow('flow computed method', `const K = 'doIt'`, `return (this as any).doIt()`, { members: `[K]() { return «1|2» }` })
flow(
  'static computed by a member',
  `const K = { m: 'm' } as const; class C { static m() { return 0 } static [K.m]() { return «1|2» } }`,
  `return C.m()`,
)
flow(
  'a method whose name is a sum',
  `class C { m1() { return «1|2» } } const call = (c: any, m: any) => c[m + 1]()`,
  `return call(new C(), 'm')`,
)
flow('static computed', `const K = 'm'; class C { static m() { return 0 } static [K]() { return «1|2» } }`, `return C.m()`)
run('base field shadows derived method', {
  'flow.ts': `import { FlowSpec, step } from 'mintmark'
class B extends FlowSpec { h: any = () => «1|2» }
// @ts-ignore
export class F extends B { h() { return 0 } @step async a() { return this.h() } }`,
})
run('mixin via variable', {
  'flow.ts': `import { FlowSpec, step } from 'mintmark'
const Mixed = (B: any) => class extends B { h() { return «1|2» } }
const Base = Mixed(FlowSpec)
export class F extends Base { @step async a() { return this.h() } }`,
})
run('class expression base', {
  'flow.ts': `import { FlowSpec, step } from 'mintmark'
const Base = class extends FlowSpec { h() { return «1|2» } }
export class F extends Base { @step async a() { return this.h() } }`,
})
run('mixin via variable in another file', {
  'flow.ts': `import { step } from 'mintmark'
import { Base } from './b.js'
export class F extends Base { @step async a() { return this.h() } }`,
  'b.ts': `import { FlowSpec } from 'mintmark'
const Mixed = (B: any) => class extends B { h() { return «1|2» } }
export const Base = Mixed(FlowSpec)`,
})
run('mixin two levels', {
  'flow.ts': `import { FlowSpec, step } from 'mintmark'
const Mixed = (B: any) => class extends B { h() { return «1|2» } }
class Mid extends Mixed(FlowSpec) {}
export class F extends Mid { @step async a() { return (this as any).h() } }`,
})
run('mixin super', {
  'flow.ts': `import { FlowSpec, step } from 'mintmark'
const Mixed = (B: any) => class extends B { h() { return «1|2» } }
export class F extends Mixed(FlowSpec) { h() { return super.h() } @step async a() { return this.h() } }`,
})
flow(
  'static super via mixin',
  `const M = (B: any) => class extends B { static m() { return «1|2» } }; class C extends M(Object) { static m() { return super.m() } }`,
  `return (C as any).m()`,
)
flow('static inherited', `class B { static m() { return «1|2» } } class C extends B {}`, `return C.m()`)
flow('static this inherited', `class B { static k = «1|2»; static m() { return this.k } } class C extends B {}`, `return C.m()`)
flow(
  'static this overridden',
  `class B { static k = 1; static m() { return this.k } } class C extends B { static k = «1|2» }`,
  `return C.m()`,
)
flow(
  'static this of two classes',
  `class B { static k = 1; static m() { return this.k } } class C extends B { static k = «1|2» }`,
  `return [B.m(), C.m()]`,
)
flow(
  'static this of two classes by super',
  `class B { static k = 1; static m() { return this.k } } class C extends B { static k = «1|2»; static n() { return super.m() } }`,
  `return [B.m(), C.n()]`,
)
flow(
  'static m called on D',
  `class B { static k = 1; static m() { return this.k } } class D { static k = «1|2» }`,
  `const m = B.m; return m.call(D as any)`,
)
flow('static field writes other by this', `class C { static n = 1; static m = (this.n = «5|6») }`, `return C.n`)
flow('static field writes other by name', `class C { static n = 1; static m = (C.n = «5|6») }`, `return C.n`)
flow(
  'static field patches this',
  `class C { static n = 1; static m = patch(this) } function patch(c: any) { c.n = «5|6»; return 0 }`,
  `return C.n`,
)
flow('static field calls C.init', `class C { static n = 1; static init() { this.n = «5|6» } static m = C.init() }`, `return C.n`)
flow('static block', `class C { static n = 1; static { this.n = «5|6» } }`, `return C.n`)
flow(
  'class decorator replaces',
  `const d: any = (c: any) => class extends c { static m() { return «1|2» } }; @d class C { static m() { return 0 } }`,
  `return C.m()`,
)
flow('flow class with static block that writes', `const T = { x: 0 }`, `return T.x`, { members: `static { T.x = «1|2» }` })
flow('flow static field that writes', `const T = { x: 0 }`, `return T.x`, { members: `static s = (T.x = «1|2»)` })
flow('flow static field that writes own static', ``, `return F.n`, { members: `static n = 0; static s = (this.n = «1|2»)` })
flow('flow static block writes own static', ``, `return F.n`, { members: `static n = 0; static { this.n = «1|2» }` })
flow(
  'statement that hands over and writes',
  `const T = { x: 0 }; if (T) { T.x = «1|2»; setTimeout(() => main(F as any), 0) }`,
  `return T.x`,
)
flow(
  'function that hands over and writes',
  `const T = { x: 0 }; function run() { T.x = «1|2»; setTimeout(() => main(F as any), 0) }
run()`,
  `return T.x`,
)
flow(
  'function that sets up and hands over',
  `import { T, setup } from './t.js'; async function run() { setup(«1|2»); setTimeout(() => main(F as any), 0) }
run()`,
  `return T.x`,
  { files: { 't.ts': `export const T = { x: 0 }; export function setup(n: number) { T.x = n }` } },
)
flow('merged namespaces', `namespace N { export const a = 1 } namespace N { export const b = «1|2» }`, `return (N as any).b`)
flow('merged class and namespace', `class N { static m() { return N.b } } namespace N { export const b = «1|2» }`, `return N.m()`)
flow('merged function namespace', `function N() { return N.b } namespace N { export const b = «1|2» }`, `return N()`)
flow('merged enum', `enum N { A = 1 } enum N { B = «2|3» }`, `return (N as any).B`)
flow('enum reverse', `enum N { A = 1, «B|C» = 2 }`, `return N[2]`)
flow('enum iteration', `enum N { A = 1, «B|C» = 2 }`, `return Object.keys(N)`)
flow('destructured table', `const T = { a: «1|2», b: 2 }; const { a } = T`, `return a`)
flow('rest table', `const T = { a: 0, b: «1|2» }; const { a, ...rest } = T`, `return rest`)
flow('default param names', `const d = «1|2»; const g = (x = d) => x`, `return g()`)
flow('default param this static', `class C { static d = «1|2»; static g(x = this.d) { return x } }`, `return C.g()`)
flow('object member this alias', `const T = { a: () => T2.b, b: «1|2» }; const T2 = T`, `return T.a()`)
flow('object member uses arguments', `const T = { a() { return arguments.callee ? 1 : 0 }, b: 1 }`, `return T.a.length + «1|2»`)
flow('object member nested arrow this', `const T = { a() { return (() => this.b)() }, b: «1|2» }`, `return T.a()`)
flow(
  'object member super',
  `const P = { b() { return «1|2» } }; const T = { a() { return (super.toString as any, (Object.getPrototypeOf(this) as any).b()) } }; Object.setPrototypeOf(T, P)`,
  `return T.a()`,
)
flow(
  'object member eval-less this through call',
  `const T = { a() { return get.call(this) }, b: «1|2» }; function get(this: any) { return this.b }`,
  `return T.a()`,
)
flow('object fn member called with T', `const T: any = { a: (t: any) => t.b, b: «1|2» }`, `return T.a(T)`)
flow('object fn member called with alias', `const T: any = { a: (t: any) => t.b, b: «1|2» }; const U = { T }`, `return T.a(U.T)`)
flow('function member with own this', `const T: any = { a: getB, b: «1|2» }; function getB(this: any) { return this.b }`, `return T.a()`)
flow(
  'function member with own this, arrow const',
  `const T: any = { a: getB, b: «1|2» }; const getBImpl = function (this: any) { return this.b }; function getB(this: any) { return getBImpl.call(this) }`,
  `return T.a()`,
)
flow('imported function member with own this', `import { getB } from './g.js'; const T: any = { a: getB, b: «1|2» }`, `return T.a()`, {
  files: { 'g.ts': `export function getB(this: any) { return this.b }` },
})
flow(
  'bound member',
  `const T: any = { a: make(), b: «1|2» }; function make() { return function (this: any) { return this.b } }`,
  `return T.a()`,
)
flow('getter in namespace import', `import * as ns from './n.js'`, `return ns.T.g`, {
  files: { 'n.ts': `export const T = { get g() { return «1|2» } }` },
})
flow(
  'static method with own this function',
  `class C { static a = getB; static b = «1|2» } function getB(this: any) { return this.b }`,
  `return C.a()`,
)
flow('static accessor this', `class C { static get a() { return this.b } static b = «1|2» }`, `return C.a`)
flow('static arrow this', `class C { static a = () => this.b; static b = «1|2» }`, `return C.a()`)
flow('flow field function called with this', `function getB(this: any) { return this.bee() }`, `return this.x()`, {
  members: `x = getB; bee() { return «1|2» }`,
})
flow('flow private pair get first, assigned', ``, `this.#p = 1; return (this as any).q`, {
  members: `get #p() { return 0 }
 set #p(v: number) { (this as any).q = v + «1|2» }`,
})
flow('flow field default export called with this', `import getB from './g.js'`, `return this.x()`, {
  members: `x = getB; bee() { return «1|2» }`,
  files: { 'g.ts': `export default (function (this: any) { return this.bee() })` },
})
run('static of another flow called at the top', {
  'flow.ts': `import { FlowSpec, step } from 'mintmark'
const T = { n: 0 }
class G extends FlowSpec { static setup() { T.n = «1|2» } @step async b() {} }
export class F extends FlowSpec { @step async a() { return T.n } }
G.setup()`,
})
flow('flow field constant function called with this', `const getB = function (this: any) { return this.bee() }`, `return this.x()`, {
  members: `x = getB; bee() { return «1|2» }`,
})
run('step under a decorator that uses this', {
  'flow.ts': `import { FlowSpec, step, memoize } from 'mintmark'
const more: any = (fn: any) => function (this: any) { return [fn.call(this), this.bee()] }
export class F extends FlowSpec { bee() { return «1|2» } @step @memoize({}) @more async a() { return 0 } }`,
})
run('base of a flow with a decorated member', {
  'flow.ts': `import { step } from 'mintmark'
import { Base } from './base.js'
export class F extends Base { @step async a() { return this.helper() } }`,
  'base.ts': `import { FlowSpec } from 'mintmark'
const patch: any = (n: number) => (_: any, context: any) => context.addInitializer(function (this: any) { this.helper = () => n })
export class Base extends FlowSpec { @patch(«1|2») other() {} helper() { return 0 } }`,
})
flow(
  'flow method decorated with wrapper using this',
  `const w: any = (fn: any) => function (this: any) { return this.bee() }`,
  `return this.x()`,
  { members: `@w x() {} bee() { return «1|2» }` },
)
flow(
  'flow step decorated with wrapper using this',
  `const w: any = (fn: any) => function (this: any) { return this.bee() }`,
  `return this.x()`,
  { members: `x() { return w(0).call(this) } bee() { return «1|2» }` },
)
flow('flow function gets this', `const bee2 = (o: any) => o.bee()`, `return bee2(this)`, { members: `bee() { return «1|2» }` })
flow('flow static through constructor', ``, `return (this.constructor as any).k`, { members: `static k = «1|2»` })
flow('flow new.target', `class C { v; constructor() { this.v = new.target.k } static k = «1|2» }`, `return new C().v`)
flow(
  'new.target subclass',
  `class C { v; constructor() { this.v = (new.target as any).k } } class D extends C { static k = «1|2» }`,
  `return new D().v`,
)
flow('constructor static by instance', `class C { static k = «1|2»; get v() { return (this.constructor as any).k } }`, `return new C().v`)
flow('accessor keyword', `class C { accessor x = «1|2» }`, `return new C().x`)
flow('static accessor keyword', `class C { static accessor x = «1|2» }`, `return C.x`)
flow('class field captures', `const k = «1|2»; class C { f = () => k }`, `return new C().f()`)
flow('private static method', `class C { static #p() { return «1|2» } static q() { return C.#p() } }`, `return C.q()`)
flow('private static field', `class C { static #p = «1|2»; static q() { return this.#p } }`, `return C.q()`)
flow('private static field via arrow', `class C { static #p = «1|2»; static q = () => C.#p }`, `return C.q()`)
flow(
  'private setter pair',
  `class C { #v = 0; get #p() { return this.#v } set #p(v: number) { this.#v = v + «1|2» } run() { this.#p = 1; return this.#p } }`,
  `return new C().run()`,
)
flow('nested class extends top', `class B { m() { return «1|2» } }`, `const K = class extends B {}; return new K().m()`)
flow('anonymous default class', `import C from './c.js'`, `return new C().m()`, {
  files: { 'c.ts': `export default class { m() { return «1|2» } }` },
})
flow('default object member', `import T from './c.js'`, `return T.m()`, { files: { 'c.ts': `export default { m() { return «1|2» } }` } })
flow('default object written', `import T from './c.js'; (T as any).m = () => «1|2»`, `return T.m()`, {
  files: { 'c.ts': `export default { m() { return 0 } }` },
})
flow('json', `import d from './d.json'`, `return d.a`, { files: { 'd.json': `{"a": «1|2»}` } })
flow('json written', `import d from './d.json'; (d as any).b = «1|2»`, `return (d as any).b`, { files: { 'd.json': `{"a": 1}` } })
flow('var redeclared', `var x = 1; var x = «1|2»`, `return x`)
flow('var redeclared as a function', `var x = () => 1; var x = () => «1|2»`, `return x()`)
flow('var after a namespace', `namespace x { export const y = 1 }; var x: any = () => «1|2»`, `return x()`)
flow('var in block', `{ var x = «1|2» }`, `return x`)
flow('function overwritten', `function f() { return 0 }; (f as any) = () => «1|2»`, `return f()`)
flow('class overwritten', `let C: any = class { m() { return 0 } }; C = class { m() { return «1|2» } }`, `return new C().m()`)
flow('label loop', ``, `let n = 0; o: for (let i = 0; i < 3; i++) { for (;;) { n += i; «continue|break» o } } return n`)
flow('label names', ``, `let n = 0; o: for (let i = 0; i < 3; i++) { p: for (let j = 0; j < 3; j++) { n++; continue «o|p» } } return n`)
flow('loop closures', ``, `const fs: any[] = []; for («let|var» i = 0; i < 3; i++) fs.push(() => i); return fs.map(f => f())`)
flow('shadow', `const x = 1`, `{ const «x|y» = 5; return x }`)
flow('shadow hoisted', `const x = () => 1`, `return g(); function g() { return x() } function «x|y»() { return 2 }`)
flow('param shadow', `const x = 1`, `return ((«x|y»: number) => x)(3)`)
flow('catch shadow', `const e = 1`, `try { throw 2 } catch («e|f») { return e }`)
flow('class name shadow', `const C = 1`, `const D = class «C|E» { m() { return typeof C } }; return new D().m()`)
flow('error message', `function fail() { throw new Error('«a|b»') }`, `fail()`)
flow('delete member', `const T: any = { a: 1, b: 2 }; delete T.«a|b»`, `return T.a`)
flow('freeze', `const T: any = { a: 1 }; «Object.freeze|Object.keys»(T)`, `'use strict'; T.a = 2; return T.a`)
flow('sort in place', `const T = [3, 1, 2]; T.«sort|reverse»()`, `return T`)
flow('pop in place', `const T = [3, 1, 2]; const x = T.«pop|shift»()`, `return T`)
flow('alias pop', `const T = [3, 1, 2]; const U = T; U.«pop|shift»()`, `return T`)
flow('write through getter result', `const S = { n: 0 }; const T = { get s() { return S } }; T.s.n = «1|2»`, `return S.n`)
flow('write through function result', `const S = { n: 0 }; const get = () => S; get().n = «1|2»`, `return S.n`)
flow('write through map', `const S = { n: 0 }; const M = new Map([['s', S]]); M.get('s')!.n = «1|2»`, `return S.n`)
flow('write through class static', `const S = { n: 0 }; class C { static s = S }; C.s.n = «1|2»`, `return S.n`)
flow('write through instance field', `const S = { n: 0 }; class C { s = S }; new C().s.n = «1|2»`, `return S.n`)
flow(
  'write through closure',
  `const S = { n: 0 }; const mk = (s: any) => (v: number) => { s.n = v }; const set = mk(S); set(«1|2»)`,
  `return S.n`,
)
flow('write through bind', `const S = { n: 0 }; function put(this: any, v: number) { this.n = v }; put.call(S, «1|2»)`, `return S.n`)
flow('write through bound', `const S = { n: 0, put(v: number) { this.n = v } }; const put = S.put.bind(S); put(«1|2»)`, `return S.n`)
flow('inner object of table', `const T = { inner: { n: 0 } }; const inner = T.inner; inner.n = «1|2»`, `return T.inner.n`)
flow('inner destructured', `const T = { inner: { n: 0 } }; const { inner } = T; inner.n = «1|2»`, `return T.inner.n`)
flow('inner read only by +', `const T = { inner: { n: 0 } }; const f = (x: any) => { x.n = «1|2» }; f(T.inner)`, `return T.inner.n`)
flow('module namespace handed', `import * as t from './t.js'; for (const k of Object.keys(t)) (t as any)[k].n = «1|2»`, `return t.T.n`, {
  files: { 't.ts': `export const T = { n: 0 }` },
})
flow('module namespace handed elsewhere', `import { T } from './t.js'; import './s.js'`, `return T.n`, {
  files: {
    't.ts': `export const T = { n: 0 }`,
    's.ts': `import * as t from './t.js'
Object.values(t).forEach((x: any) => { x.n = «1|2» })`,
  },
})
flow('dynamic import writes', `import { T } from './t.js'; void import('./s.js')`, `await null; await null; await null; return T.n`, {
  files: {
    't.ts': `export const T = { n: 0 }`,
    's.ts': `import { T } from './t.js'
T.n = «1|2»`,
  },
})
flow('require writes', `import { T } from './t.js'; require('./s.js')`, `return T.n`, {
  files: {
    't.ts': `export const T = { n: 0 }`,
    's.ts': `import { T } from './t.js'
T.n = «1|2»`,
  },
})
flow('require in function writes', `import { T } from './t.js'; load(); function load() { require('./s.js') }`, `return T.n`, {
  files: {
    't.ts': `export const T = { n: 0 }`,
    's.ts': `import { T } from './t.js'
T.n = «1|2»`,
  },
})
flow(
  'then callback at the top',
  `const T = { n: 0 }; void Promise.resolve().then(() => { T.n = «1|2» })`,
  `await null; await null; return T.n`,
)
run('static memoized', {
  'flow.ts': `import { memoize } from 'mintmark'
export class F { static k = «1|2»; @memoize({}) static async a() { return this.k } }`,
})
run('static memoized helper', {
  'flow.ts': `import { memoize } from 'mintmark'
export class F { static k() { return «1|2» } @memoize({}) static async a() { return this.k() } }`,
})
run('static memoized super', {
  'flow.ts': `import { memoize } from 'mintmark'
class B { static k() { return «1|2» } }
export class F extends B { @memoize({}) static async a() { return super.k() } }`,
})
run('memoize fn', {
  'flow.ts': `import { memoize } from 'mintmark'
import { h } from './h.js'
export const f = memoize(async () => h())`,
  'h.ts': `export function h() { return «1|2» }`,
})
run('memoize named fn with property', {
  'flow.ts': `import { memoize } from 'mintmark'
async function g() { return (g as any).k }
(g as any).k = «1|2»
export const f = memoize(g)`,
})
run('memoize method of object', {
  'flow.ts': `import { memoize } from 'mintmark'
const o = { async m() { return this === undefined ? «1|2» : 0 } }
export const f = memoize(o.m)`,
})
run('memoize made function', {
  'flow.ts': `import { memoize } from 'mintmark'
const make = (n: number) => async () => n
export const f = memoize(make(«1|2»))`,
})
run('memoize bound', {
  'flow.ts': `import { memoize } from 'mintmark'
const o = { n: «1|2», async m() { return this.n } }
export const f = memoize(o.m.bind(o))`,
})

test.run()
