// What the top level of modules does to what a step reads: writes by every road, registrations, globals.
// Each program is really run before and after the edit that `«before|after»` marks: what its step answers differs, so its stamp must.

import { test } from 'uvu'
import { answers } from './support/programs.js'

const { flow } = answers(test)

flow('alias write', `const T = { x: 0 }; const alias = T; alias.x = «1|2»`, `return T.x`)
flow('for-of alias', `const T = { x: 0 }; for (const t of [T]) t.x = «1|2»`, `return T.x`)
flow('forEach alias', `const T = { x: 0 }; [T].forEach(t => { t.x = «1|2» })`, `return T.x`)
flow('object alias', `const T = { x: 0 }; ({ T }).T.x = «1|2»`, `return T.x`)
flow('destructuring assign', `const T = { x: 0 }; ({ v: T.x } = { v: «1|2» })`, `return T.x`)
flow('array destructuring assign', `const T = { x: 0 }; ;[T.x] = [«1|2»]`, `return T.x`)
flow('for-of target', `const T = { x: 0 }; for (T.x of [«1|2»]) ;`, `return T.x`)
flow('for-in target', `const T = { x: '' }; for (T.x in { «a|b»: 1 }) ;`, `return T.x`)
flow('defineProperty', `const T: any = { x: 0 }; Object.defineProperty(T, 'x', { value: «1|2» })`, `return T.x`)
flow('Object.assign cond', `const T: any = { x: 0 }, U: any = { x: 0 }; Object.assign(T ?? U, { x: «1|2» })`, `return T.x`)
flow('comma receiver', `const T = { x: 0 }; (0, T).x = «1|2»`, `return T.x`)
flow('ternary receiver', `const T = { x: 0 }; (T ? T : T).x = «1|2»`, `return T.x`)
flow('assign expr receiver', `const T = { x: 0 }; let U: any; (U = T).x = «1|2»`, `return T.x`)
flow('logical receiver', `const T = { x: 0 }; (T && T).x = «1|2»`, `return T.x`)
flow('await receiver', `const T = { x: 0 }; void (async () => { (T as any).x = «1|2» })()`, `return T.x`)
flow('IIFE', `const T = { x: 0 }; (() => { T.x = «1|2» })()`, `return T.x`)
flow('IIFE param', `const T = { x: 0 }; ((t: any) => { t.x = «1|2» })(T)`, `return T.x`)
const KEEPER = 'function keeper() { let kept = 0; return (x?: number) => (x === undefined ? kept : (kept = x)) }'
flow('call of a function that a call made', `${KEEPER}; const s = keeper(); s(«1|2»)`, `return s()`)
flow('call for a value of a function that a call made', `${KEEPER}; const s = keeper(); export const was = s(«1|2»)`, `return s()`)
flow(
  'call of what a call of such a function gives',
  `const outer = (() => { const s = [0]; return () => (x?: number) => (x ? (s[0] = x) : s[0]) })(); outer()(«1|2»)`,
  `return outer()()`,
)
flow(
  'static block that calls a static which a call made',
  `${KEEPER}; class C { static s = keeper(); static { this.s(«1|2») } }`,
  `return C.s()`,
)
flow('call of a default export that a call made', `import s from './s.js'; s(«1|2»)`, `return s()`, {
  files: { 's.ts': `${KEEPER}\nexport default keeper()` },
})
flow(
  'call of a function that keeps something under its own name',
  `const s: any = function k(x?: number) { k.v = x ?? k.v; return k.v } as any; s(«1|2»)`,
  `return s()`,
)
flow(
  'new of a class that keeps something under its own name',
  `const S = class K { static v = 0; constructor(x: number) { K.v = x } }; new S(«1|2»)`,
  `return S.v`,
)
flow(
  'new of a class of a class that a call made',
  `const make = () => { let v = 0; return class { constructor(x?: number) { v = x ?? v } get() { return v } } }; class S extends make() {}; new S(«1|2»)`,
  `return new S().get()`,
)
flow(
  'new of a class that writes to the class of what it makes',
  `class S { static v = 0; constructor(x: number) { (this.constructor as any).v = x } }; new S(«1|2»)`,
  `return S.v`,
)
flow(
  'new of a class that extends one which does',
  `class R { constructor(x: number) { (this.constructor as any).v = keep(x) } }; function keep(x: number) { return x }; class S extends R {}; new S(«1|2»)`,
  `return (S as any).v`,
)
flow(
  'new of a class that writes to the class that is made',
  `class S { static v = 0; constructor(x: number) { (new.target as any).v = x } }; new S(«1|2»)`,
  `return S.v`,
)
flow(
  'new of a class that gives the class that is made to a function',
  `const put = (to: any, x: number) => { to.v = x }; class R { constructor(x: number) { put(new.target, x) } }; class S extends R {}; new S(«1|2»)`,
  `return (S as any).v`,
)
flow(
  'static method of a class, called on one that extends it',
  `class A { static v: any = {}; static set(x: number) { this.v.k = x } }; class B extends A {}; class C extends B {}; C.set(«1|2»)`,
  `return A.v.k`,
)
for (const [name, by] of [
  ['a class in a variable', `const B = class extends A {}; B.v.push(«1|2»)`],
  ['a static block', `class B extends A { static { super.v.push(«1|2») } }`],
  ['a static field', `class B extends A { static more = this.add(«1|2») }`],
  ['a decorator', `const put = (x: number) => (to: any) => { to.v.push(x) }; @put(«1|2») class B extends A {}`],
] as const)
  flow(
    `static list of a class, by ${name} of one that extends it`,
    `class A { static v: number[] = []; static add(x: number) { this.v.push(x) } }; ${by}`,
    `return A.v`,
  )
flow(
  'static value of a class, by a setter through one that extends it',
  `class A { static set v(x: number) { (A as any).kept = x } }; class B extends A {}; B.v = «1|2»`,
  `return (A as any).kept`,
)
flow(
  'static list of a class, by one that extends it',
  `class A { static v: number[] = [] }; class B extends A { static own = 1 }; B.v.push(«1|2»)`,
  `return A.v`,
)
flow(
  'new of a class that writes to its static list',
  `class S { static v: number[] = []; constructor(x: number) { const { v } = this.constructor as any; v.push(x) } }; new S(«1|2»)`,
  `return S.v`,
)
flow(
  'new of a class that pushes to its static list',
  `class S { static v: number[] = []; constructor(x: number) { (this.constructor as any).v.push(x) } }; new S(«1|2»)`,
  `return S.v`,
)
flow(
  'enum with a call of a function that has the name of a global',
  `const T: any[] = []; const Number = (x: any) => T.push(x); enum E { A = Number('«1|2»') }`,
  `return T[0]`,
)
flow(
  'call of a proxy',
  `const s: any = new Proxy(Object, { n: 0, apply(_t, _o, [x]) { return x === undefined ? (this as any).n : ((this as any).n = x) } } as any); s(«1|2»)`,
  `return s()`,
)
flow('default param effect', `const T = { x: 0 }; ((t = (T.x = «1|2»)) => t)()`, `return T.x`)
flow(
  'pure-looking IIFE default param function',
  `const T = { x: 0 }; const y = ((t = set()) => t)(); function set() { T.x = «1|2» }`,
  `return T.x`,
)
flow('getter effect at the top', `let n = 0; const T = { get go() { n = «1|2»; return 0 } }; T.go`, `return n`)
flow('getter effect on object', `const S = { n: 0 }; const T = { get go() { S.n = «1|2»; return 0 } }; T.go`, `return S.n`)
flow('getter effect on self', `const T = { n: 0, get go() { this.n = «1|2»; return 0 } }; T.go`, `return T.n`)
flow('class getter effect on self', `class C { n = 0; get go() { this.n = «1|2»; return 0 } }; const T = new C(); T.go`, `return T.n`)
flow(
  'class getter effect in if',
  `class C { n = 0; get go() { this.n = «1|2»; return 0 } }; export const T = new C(); if (T.go) throw 1`,
  `return T.n`,
)
flow(
  'getter effect by which member is read',
  `class C { n = 0; get go() { return ++this.n } }; const T = new C(); if (T.«go|n» > 5) throw 1`,
  `return T.n`,
)
flow(
  'Object.assign to a global of the project',
  `(globalThis as any).reg = {}; declare const reg: any; Object.assign(reg, { x: «1|2» })`,
  `return (globalThis as any).reg.x`,
)
flow(
  'Object.assign to a prototype that is asked for',
  `Object.assign(Object.getPrototypeOf([]), { first: «1|2» })`,
  `return ([] as any).first`,
)
flow(
  'class decorator that calls memoize',
  `const d: any = (c: any) => { memoize(() => 0); return c }; @d class C { static n = 0 } put(C, «1|2»); function put(c: any, n: number) { c.n = n }`,
  `return C.n`,
)
flow('setter effect at the top', `const S = { n: 0 }; const T = { set go(v: number) { S.n = v } }; T.go = «1|2»`, `return S.n`)
flow('toString effect at the top', `const T = { n: 0, toString() { this.n = «1|2»; return '' } }; '' + T`, `return T.n`)
flow('template effect at the top', `const T = { n: 0, toString() { this.n = «1|2»; return '' } }; \`\${T}\``, `return T.n`)
flow('valueOf compare effect', `const T: any = { n: 0, valueOf() { this.n = «1|2»; return 1 } }; if (T > 3) throw 1`, `return T.n`)
flow(
  'Proxy set',
  `const S: any = { n: 0 }; const P: any = new Proxy({}, { set(_, k, v) { S.n = v; return true } }); P.q = «1|2»`,
  `return S.n`,
)
flow('Proxy has', `const S: any = { n: 0 }; const P: any = new Proxy({}, { has() { S.n = «1|2»; return true } }); 'x' in P`, `return S.n`)
flow('tagged template at top', `const T = { x: 0 }; const tag = (s: any) => { T.x = s.length + «1|2» }; tag\`a\``, `return T.x`)
flow('tagged with value', `const T = { x: 0 }; const tag = (s: any, t: any) => { t.x = «1|2» }; tag\`a\${T}\``, `return T.x`)
flow('new effect', `const T = { x: 0 }; class S { constructor() { T.x = «1|2» } }; new S()`, `return T.x`)
flow('new field effect', `const T = { x: 0 }; class S { f = (T.x = «1|2») }; new S()`, `return T.x`)
flow('new through function', `const T = { x: 0 }; class S { f = (T.x = «1|2») }; make(); function make() { return new S() }`, `return T.x`)
flow('extends effect', `const T = { x: 0 }; function base() { T.x = «1|2»; return Object } class S extends base() {}`, `return T.x`)
flow('computed key effect', `const T = { x: 0 }; class S { [(T.x = «1|2», 'k')]() {} }`, `return T.x`)
flow('computed object key effect', `const T = { x: 0 }; const o = { [(T.x = «1|2», 'k')]: 1 }`, `return T.x`)
flow('spread effect', `const T = { x: 0 }; const o = { ...{ get a() { T.x = «1|2»; return 1 } } }`, `return T.x`)
flow('destructuring default effect', `const T = { x: 0 }; const { z = (T.x = «1|2») } = {} as any`, `return T.x`)
flow('array destructuring iterator effect', `const T = { x: 0 }; function* g() { T.x = «1|2»; yield 1 } const [q] = g()`, `return T.x`)
flow('enum initialiser effect', `const T = { x: 0 }; function n() { T.x = «1|2»; return 1 } enum E { A = n() }`, `return T.x`)
flow('namespace effect', `const T = { x: 0 }; namespace N { T.x = «1|2» ; export const q = 1 }`, `return T.x`)
flow('label block', `const T = { x: 0 }; lab: { T.x = «1|2»; break lab }`, `return T.x`)
flow('switch', `const T = { x: 0 }; switch (1 as number) { case 1: T.x = «1|2» }`, `return T.x`)
flow('try finally', `const T = { x: 0 }; try { throw 1 } catch { } finally { T.x = «1|2» }`, `return T.x`)
flow(
  'try pure with catch',
  `const T = { x: 0 }; try { nope } catch { T.x = «1|2» }
declare const nope: any`,
  `return T.x`,
)
flow('class static in function', `const T = { x: 0 }; go(); function go() { class Q { static { T.x = «1|2» } } }`, `return T.x`)
flow('generator run', `const T = { x: 0 }; function* g() { T.x = «1|2» } ;[...g()]`, `return T.x`)
flow(
  'callback registered later called',
  `const T = { x: 0 }; const on: any[] = []; on.push(() => { T.x = «1|2» }); on.forEach(f => f())`,
  `return T.x`,
)
flow('callbacks called by step', `const on: any[] = []; on.push(() => «1|2»)`, `return on[0]()`)
flow(
  'property of a function that is only handed on',
  `function h() {}; annotate(h); function annotate(f: any) { f.meta = «1|2» }; declare const use: any; const meta = (f: any) => f.meta`,
  `return meta(h)`,
)
flow('function property via call', `function h() {}; annotate(h); function annotate(f: any) { f.meta = «1|2» }`, `return (h as any).meta`)
flow('arrow property via call', `const h = () => {}; annotate(h); function annotate(f: any) { f.meta = «1|2» }`, `return (h as any).meta`)
flow('function property via array', `function h() {}; for (const f of [h] as any[]) f.meta = «1|2»`, `return (h as any).meta`)
flow('function prototype', `function H(this: any) {}; H.prototype.m = () => «1|2»`, `return new (H as any)().m()`)
flow(
  'function prototype via assign',
  `function H(this: any) {}; Object.assign(H.prototype, { m: () => «1|2» })`,
  `return new (H as any)().m()`,
)
flow(
  'function prototype via inherits',
  `function H(this: any) {}; inherits(H, { m: () => «1|2» }); function inherits(a: any, b: any) { Object.setPrototypeOf(a.prototype, b) }`,
  `return new (H as any)().m()`,
)
flow(
  'class in function handed',
  `class C { static n = 0 } function setup() { install(C) } function install(c: any) { c.n = «1|2» }
setup()`,
  `return C.n`,
)
flow(
  'class static method in function',
  `class C { static n: any = []; static add(v: number) { this.n.push(v) } } function setup() { C.add(«1|2») }
setup()`,
  `return C.n`,
)
flow(
  'class static method in function, push',
  `class C { static n: any = []; static add(v: number) { C.n.push(v) } } function setup() { C.add(«1|2») }
setup()`,
  `return C.n`,
)
flow('class static method in other module', `import { C } from './c.js'; import './s.js'`, `return C.n`, {
  files: {
    'c.ts': `export class C { static n: any = []; static add(v: number) { this.n.push(v) } }`,
    's.ts': `import { C } from './c.js'
function setup() { C.add(«1|2») }
setup()`,
  },
})
flow('class static method, named import evaluated', `import { C } from './c.js'; import { q } from './s.js'`, `return [C.n, q]`, {
  files: {
    'c.ts': `export class C { static n: any = []; static add(v: number) { this.n.push(v) } }`,
    's.ts': `import { C } from './c.js'
export const q = 1
function setup() { C.add(«1|2») }
setup()`,
  },
})
flow(
  'class prototype patched in function',
  `class C { m() { return 0 } } function setup() { (C.prototype as any).m = () => «1|2» }
setup()`,
  `return new C().m()`,
)
flow(
  'class prototype patched via param in function',
  `class C { m() { return 0 } } function setup() { patch(C) } function patch(c: any) { c.prototype.m = () => «1|2» }
setup()`,
  `return new C().m()`,
)
flow(
  'mixin apply in loop',
  `class C { m() { return 0 } } const mix = { m() { return «1|2» } }; for (const k of Object.keys(mix)) (C.prototype as any)[k] = (mix as any)[k]`,
  `return new C().m()`,
)
flow('let object replaced', `let T = { a: 1 }; T = { a: «1|2» }`, `return T.a`)
flow('let object replaced in function', `let T = { a: 1 }; set(); function set() { T = { a: «2|3» } }`, `return T.a`)
flow('exported let object replaced elsewhere', `import { T, set } from './t.js'; set(«2|3»)`, `return T.a`, {
  files: { 't.ts': `export let T = { a: 1 }; export function set(n: number) { T = { a: n } }` },
})
flow('exported let', `import { T } from './t.js'; import './s.js'`, `return T`, {
  files: {
    't.ts': `export let T = 1; export function set(n: number) { T = n }`,
    's.ts': `import { set } from './t.js'
set(«2|3»)`,
  },
})
flow('let in order', `let T = 1; const U = T; T = «2|3»; const V = T`, `return [U, V]`)
flow('let captured before', `let T = 1; const get = () => T; T = «2|3»`, `return get()`)
flow('alias of let before reassign', `let T = «1|2»; const U = T; T = 3`, `return U`)
flow(
  'an object that is called as the name of a class is',
  `const x = { constructor: { name: { v: 0 } } }; const set = (o: any) => { o.v = «1|2» }; set(x.constructor.name)`,
  `return x.constructor.name.v`,
)
flow('globalThis', `;(globalThis as any).x = «1|2»`, `return (globalThis as any).x`)
flow('global alias', `const g = globalThis as any; g.x = «1|2»`, `return (globalThis as any).x`)
flow('comma global', `;(0, globalThis as any).x = «1|2»`, `return (globalThis as any).x`)
flow('global handed', `function def(o: any) { o.x = «1|2» }; def(globalThis)`, `return (globalThis as any).x`)
flow(
  'a global of the project that is handed on',
  `(globalThis as any).reg = {}; declare const reg: any; function fill(o: any) { o.x = «1|2» } fill(reg)`,
  `return (globalThis as any).reg.x`,
)
flow(
  'an enum that is handed to a function which writes to it',
  `enum E { A, B = 4 } function patch(e: any) { e.A = «1|2» } patch(E)`,
  `return [E.A, E.B]`,
)
flow(
  'an enum that is handed to a function of another module, in a list of expressions',
  `import { patch } from './p.js'; enum E { A } ; console.log(1), patch(E)`,
  `return E.A`,
  { files: { 'p.ts': `export function patch(e: any) { e.A = «1|2» }` } },
)
flow('global in for of', `for (const o of [globalThis] as any[]) o.x = «1|2»`, `return (globalThis as any).x`)
flow('Array proto const', `const p: any = Array.prototype; p.first = () => «1|2»`, `return ([] as any).first()`)
flow('Array proto handed', `function ext(p: any) { p.first = () => «1|2» }; ext(Array.prototype)`, `return ([] as any).first()`)
flow('proto via __proto__', `;([] as any).__proto__.first = () => «1|2»`, `return ([] as any).first()`)
flow('proto via constructor', `;([] as any).constructor.prototype.first = () => «1|2»`, `return ([] as any).first()`)
flow('Object.prototype pollution', `;(Object.prototype as any).zz = «1|2»`, `return ({} as any).zz`)
flow(
  'global registry call',
  `;(globalThis as any).reg = new Map();
(globalThis as any).reg.set('x', «1|2»)`,
  `return (globalThis as any).reg.get('x')`,
)
flow('global registry push in other module', `import './g.js'; import { q } from './p.js'`, `return [(globalThis as any).reg, q]`, {
  files: {
    'g.ts': `(globalThis as any).reg ??= []`,
    'p.ts': `export const q = 1
;(globalThis as any).reg.push(«1|2»)`,
  },
})
flow(
  'declared global call',
  `declare global { var reg: any }
globalThis.reg = []
reg.push(«1|2»)`,
  `return reg`,
)
flow('globalThis assign', `Object.assign(globalThis, { x: «1|2» })`, `return (globalThis as any).x`)
flow('globalThis defineProperty', `Object.defineProperty(globalThis, 'x', { value: «1|2» })`, `return (globalThis as any).x`)
flow('Reflect.set globalThis', `Reflect.set(globalThis, 'x', «1|2»)`, `return (globalThis as any).x`)
flow('__defineGetter__', `;(globalThis as any).__defineGetter__('x', () => «1|2»)`, `return (globalThis as any).x`)
flow('process import', `import process from 'node:process'; process.env.MMX = '«1|2»'`, `return process.env.MMX`)
flow('process env import', `import { env } from 'node:process'; env.MMX = '«1|2»'`, `return env.MMX`)
flow('builtin patched', `import os from 'node:os'; (os as any).mmx = «1|2»`, `return (os as any).mmx`)
flow('builtin patched elsewhere', `import os from 'node:os'; import './p.js'`, `return (os as any).mmx`, {
  files: {
    'p.ts': `import os from 'node:os'
;(os as any).mmx = «1|2»`,
  },
})
flow('builtin patched in named import', `import os from 'node:os'; import { q } from './p.js'`, `return [q, (os as any).mmx]`, {
  files: {
    'p.ts': `import os from 'node:os'
export const q = 1; (os as any).mmx = «1|2»`,
  },
})
flow('Math patched', `Math.max = () => «1|2»`, `return Math.max(5)`)
flow('var global fn', `import { q } from './p.js'`, `return [q, (globalThis as any).zz()]`, {
  files: { 'p.ts': `export const q = 1; install(); function install() { (globalThis as any).zz = () => «1|2» }` },
})
flow('three levels side-effect', `import { q } from './l1.js'`, `return (globalThis as any).zz + q`, {
  files: {
    'l1.ts': `import './l2.js'
export const q = 1`,
    'l2.ts': `import './l3.js'`,
    'l3.ts': `(globalThis as any).zz = «1|2»`,
  },
})
flow('three levels registry', `import { R } from './r.js'; import { q } from './l1.js'`, `return [R.get('x'), q]`, {
  files: {
    'r.ts': `export const R = new Map()`,
    'l1.ts': `import './l2.js'
export const q = 1`,
    'l2.ts': `import './l3.js'`,
    'l3.ts': `import { R } from './r.js'
R.set('x', «1|2»)`,
  },
})
flow('dynamic registration by factory', `import { R, define } from './r.js'; define('x', () => «1|2»)`, `return R.x()`, {
  files: { 'r.ts': `export const R: any = {}; export const define = (k: string, f: any) => { R[k] = f }` },
})
flow('curried registration', `import { R, reg } from './r.js'; reg('x')(() => «1|2»)`, `return R.get('x')()`, {
  files: { 'r.ts': `export const R: any = new Map(); export const reg = (k: string) => (f: any) => { R.set(k, f) }` },
})
flow(
  'registration by class',
  `import { reg } from './r.js'; class P { static { reg.add(new P()) } v() { return «1|2» } }`,
  `return reg.all[0].v()`,
  {
    files: {
      'r.ts': `class Reg { all: any[] = []; add(x: any) { this.all.push(x) } }
export const reg = new Reg()`,
    },
  },
)
flow(
  'registration by decorator',
  `import { all, register } from './r.js'; @register class P { v() { return «1|2» } }`,
  `return new all[0]().v()`,
  { files: { 'r.ts': `export const all: any[] = []; export function register(c: any) { all.push(c) }` } },
)
flow('registration by decorator elsewhere', `import { all } from './r.js'; import './p.js'`, `return new all[0]().v()`, {
  files: {
    'p.ts': `import { register } from './r.js'
@register export class P { v() { return «1|2» } }`,
    'r.ts': `export const all: any[] = []; export function register(c: any) { all.push(c) }`,
  },
})
flow('registration by decorator through index', `import { all, P } from './i.js'`, `return [new all[0]().v(), typeof P]`, {
  files: {
    'i.ts': `export * from './r.js'
export * from './p.js'`,
    'p.ts': `import { register } from './r.js'
@register export class P { v() { return «1|2» } }`,
    'r.ts': `export const all: any[] = []; export function register(c: any) { all.push(c) }`,
  },
})
flow(
  'registration by method decorator',
  `import { all, register } from './r.js'; export class P { @register v() { return «1|2» } }`,
  `return all[0]()`,
  { files: { 'r.ts': `export const all: any[] = []; export function register(c: any) { all.push(c) }` } },
)
flow(
  'registration by super constructor',
  `import { all, B } from './r.js'; class P extends B { v() { return «1|2» } }
new P()`,
  `return all[0].v()`,
  { files: { 'r.ts': `export const all: any[] = []; export class B { constructor() { all.push(this) } }` } },
)
flow(
  'module instance with methods via map',
  `class C { v() { return «1|2» } }; const M = new Map([['c', new C()]])`,
  `return [...M.values()].map(c => c.v())`,
)
flow('conditional require', `const T = { x: 0 }`, `return require('./late.js').v`, { files: { 'late.ts': `export const v = «1|2»` } })
flow('dynamic import', ``, `return (await import('./late.js')).v`, { files: { 'late.ts': `export const v = «1|2»` } })
flow('template import', ``, `return (await import(\`./late.js\`)).v`, { files: { 'late.ts': `export const v = «1|2»` } })
flow('circular', `import { g } from './a.js'`, `return g()`, {
  files: {
    'a.ts': `import { h } from './b.js'
export const g = () => h()
export const k = «1|2»`,
    'b.ts': `import { k } from './a.js'
export const h = () => k`,
  },
})

for (const [name, imports, mention] of [
  ['an imported object', "import { T } from './t.js'", 'T'],
  ['a member of a namespace import', "import * as t from './t.js'", 't.T'],
] as const)
  flow(`${name} handed to a function elsewhere`, `import { T } from './t.js'; import './s.js'`, `return T.n`, {
    files: { 't.ts': `export const T = { n: 0 }`, 's.ts': `${imports}\nfill(${mention})\nfunction fill(t: any) { t.n = «1|2» }` },
  })

test.run()
