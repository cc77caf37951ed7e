// What the fingerprint of a step holds and what it leaves out: an edit, and exactly the steps that it changes.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { changed, type Files, fingerprints, stampOf } from './support/steps.js'

/** A flow with the steps and members given, after `before`. */
function flow(members: string, before = ''): string {
  return `import { FlowSpec, step, memoize, retry } from 'mintmark'\n${before}\nexport class F extends FlowSpec {\n${members}\n}\n`
}

interface Case {
  readonly name: string
  readonly files: Files
  readonly edit: Files
  readonly changes: readonly string[]
}

/** One file, edited by replacing `from` with `to`. */
function edits(name: string, text: string, from: string, to: string, changes: readonly string[], others: Files = {}): Case {
  if (!text.includes(from)) throw new Error(`${name}: ${from} is not there`)
  return { name, files: { 'flow.ts': text, ...others }, edit: { 'flow.ts': text.replace(from, to) }, changes }
}

/** Another file, edited by replacing it. */
function replaces(
  name: string,
  text: string,
  file: string,
  before: string,
  after: string,
  changes: readonly string[],
  others: Files = {},
): Case {
  return { name, files: { 'flow.ts': text, [file]: before, ...others }, edit: { [file]: after }, changes }
}

const N = `export const T: any = { x: 1, y: 1 }; export const w: any = {}
w.x = 1
export class C { static m() { return 1 } static k() { return 1 } }`

const two = flow(
  `
  x = 1
  @step a() { this.x = one(2); this.next(this.b) }
  @step b() { this.log(this.x) }
  log(v: unknown) { console.log('v', v) }
  other() { return 'other' }
`,
  `import { one } from './one.js'`,
)

const CASES: readonly Case[] = [
  // the step's own code
  edits('a literal in the body', two, 'one(2)', 'one(3)', ['F.a']),
  edits(
    'a member with a computed name, of branches that are handed on',
    flow('@step j(inputs: any) { use(inputs[0]) } [key]() { return 1 }', 'declare const key: any, use: any'),
    'return 1',
    'return 2',
    ['F.j'],
  ),
  edits(
    'a setter of branches that are handed on',
    flow('@step j(inputs: any) { use(inputs[0]) } set m(x: any) { log(1) }', 'declare const log: any; const use = (x: any) => { x.m = 1 }'),
    'log(1)',
    'log(2)',
    ['F.j'],
  ),
  edits(
    'a comment and a renamed local keep',
    flow('@step a() { const n = 1; return n }'),
    'const n = 1; return n',
    '/* why */ const m = 1\n return m',
    [],
  ),
  edits('types in a step keep', flow('@step a() { const n = 1; return n }'), 'const n = 1', 'const n: number = 1 as any', []),
  replaces(
    'a name that either of two packages may give out',
    flow('@step a() { return x() }', `import { x } from './both.js'`),
    'node_modules/one/package.json',
    '{"name": "one", "version": "1.0.0"}',
    '{"name": "one", "version": "1.0.1"}',
    ['F.a'],
    {
      'both.ts': `export * from 'one'\nexport * from 'two'`,
      'node_modules/one/index.js': '',
      'node_modules/two/package.json': '{"name": "two", "version": "1.0.0"}',
      'node_modules/two/index.js': '',
    },
  ),
  edits(
    'what is put on a function that the step hands on',
    flow(
      '@step a() { return show(named) }\n@step b() { return named() }',
      'const named = () => 1\nextend(named)\nfunction extend(f: any) { f.x = 1 }\nconst show = (f: any) => f.x',
    ),
    'f.x = 1',
    'f.x = 2',
    ['F.a'],
  ),
  edits(
    'what is put on a function that a helper of two steps hands on',
    flow(
      '@step a() { return show() }\n@step b() { return show() }',
      'const named = () => 1\nextend(named)\nfunction extend(f: any) { f.x = 1 }\nconst read = (f: any) => f.x\nconst show = () => read(named)',
    ),
    'f.x = 1',
    'f.x = 2',
    ['F.a', 'F.b'],
  ),
  edits(
    'a global that is a constant by its spelling, handed to a function',
    flow('@step a() { return __DEV__ }', 'declare const __DEV__: any\nlog(__DEV__, 1)\nfunction log(x: any, n: number) { return [x, n] }'),
    '(__DEV__, 1)',
    '(__DEV__, 2)',
    [],
  ),
  edits('another step keeps', two, 'this.log(this.x)', 'this.log(this.x + 1)', ['F.b']),
  // helpers by `this`
  edits('a helper method reached through this', two, "'v', v", "'w', v", ['F.b']),
  edits('a helper method that no step mentions', two, "'other'", "'changed'", []),
  edits(
    'a bare this takes the whole class in',
    flow('@step a() { use(this) }\n @step b() {}\n other() { return 1 }', 'declare function use(x: unknown): void'),
    'return 1',
    'return 2',
    ['F.a'],
  ),
  edits(
    'a bare this takes what the class extends in',
    'import { FlowSpec, step } from "mintmark"\ndeclare function use(x: unknown): void\nclass B extends FlowSpec { other() { return 1 } }\nexport class F extends B { @step a() { use(this) }\n @step b() {} }',
    'return 1',
    'return 2',
    ['F.a'],
  ),
  edits(
    'a computed member of this takes the whole class in',
    flow("k = 'other'\n @step a() { (this as any)[this.k]() }\n @step b() {}\n other() { return 1 }"),
    'return 1',
    'return 2',
    ['F.a'],
  ),
  edits(
    'a computed member of super takes the whole class in',
    'import { FlowSpec, step } from "mintmark"\nclass B extends FlowSpec { other() { return 1 } }\nexport class F extends B { k = "other"\n @step a() { (super[this.k] as any)() }\n @step b() {} }',
    'return 1',
    'return 2',
    ['F.a'],
  ),
  edits(
    'destructuring this reads only the members named',
    flow('@step a() { const { helper } = this; helper() }\n @step b() {}\n helper() { return 1 }\n other() { return 1 }'),
    'other() { return 1 }',
    'other() { return 2 }',
    [],
  ),
  edits(
    'the rest of this takes all of it in',
    flow('k = 1\n other = 1\n @step a() { const { k, ...rest } = this; return rest }'),
    'other = 1',
    'other = 2',
    ['F.a'],
  ),
  edits(
    'and those count',
    flow('@step a() { const { helper } = this; helper() }\n @step b() {}\n helper() { return 1 }'),
    'helper() { return 1 }',
    'helper() { return 2 }',
    ['F.a'],
  ),
  edits(
    'a helper that is reached after a nested function',
    flow('@step a() { function g() {} g(); return { m() {} } && this.h() }\n @step b() {}\n h() { return 1 }'),
    'return 1',
    'return 2',
    ['F.a'],
  ),
  edits(
    'a helper that is reached after a nested class',
    flow('@step a() { const C = class { m() {} }; return [C, this.h()] }\n @step b() {}\n h() { return 1 }'),
    'return 1',
    'return 2',
    ['F.a'],
  ),
  edits(
    'what is read of the `this` of an object inside a step is no member of the flow',
    flow('@step a() { const o = { n: 0, m() { return this.h } }; return o.m() }\n @step b() {}\n get h() { return 1 }'),
    'return 1',
    'return 2',
    [],
  ),
  edits(
    'a private name of a class inside a step is none of the flow',
    flow('@step a() { return class { #p = 0; m() { return this.#p } } }\n @step b() {}\n #p() { return 1 }'),
    'return 1',
    'return 2',
    [],
  ),
  edits(
    'a static field that holds a function counts without its neighbours',
    flow(
      '@step a() { return F.m() }\n @step b() {}\n static m = () => g.call(0)\n static other = 1',
      'function g(this: unknown) { return this }',
    ),
    'other = 1',
    'other = 2',
    [],
  ),
  edits(
    'a member that is read by a sum or a difference of indices names no method',
    flow(
      '@step a() { const c: any = new C(); for (let i = 0; i < 3; i++) c[i + 1] = c[i - 1] }\n @step b() {}',
      'class C { m() { return 1 } }',
    ),
    'return 1',
    'return 2',
    [],
  ),
  edits(
    'a statement that only reads a member',
    flow('@step a() { return o.a }\n @step b() {}', 'const o = { a: 1 }\nif (o.a > 1) console.log()'),
    '> 1',
    '> 2',
    [],
  ),
  edits('a private method', flow('@step a() { this.#p() }\n @step b() {}\n #p() { return 1 }'), 'return 1', 'return 2', ['F.a']),
  edits(
    'a private name is no escape of this',
    flow('@step a() { this.#p() }\n @step b() {}\n #p() { return 0 }\n other() { return 1 }'),
    'return 1',
    'return 2',
    [],
  ),
  edits(
    'a renamed private method keeps',
    flow('@step a() { this.#p() }\n #p() { return 1 }'),
    '{ this.#p() }\n #p()',
    '{ this.#q() }\n #q()',
    [],
  ),
  edits('a getter', flow('@step a() { return this.g }\n @step b() {}\n get g() { return 1 }'), 'return 1', 'return 2', ['F.a']),
  edits('a field initialiser that the step reads', flow('n = 1\n @step a() { return this.n }\n @step b() {}'), 'n = 1', 'n = 2', ['F.a']),
  edits('a static member', flow('static n = 1\n static m = 1\n @step a() { return F.n }\n @step b() { return F.m }'), 'n = 1', 'n = 2', [
    'F.a',
  ]),
  edits(
    'the constructor counts for every step',
    flow('n: number\n constructor() { super(); this.n = 1 }\n @step a() { return this.n }\n @step b() {}'),
    'this.n = 1',
    'this.n = 2',
    ['F.a', 'F.b'],
  ),
  // inheritance
  edits(
    'an inherited helper, overridden for one class only',
    flow('@step a() { return this.h() }\n h() { return 1 }') + 'export class G extends F { h() { return 2 } }',
    'return 2',
    'return 3',
    ['G.a'],
  ),
  edits(
    'an overridden helper does not reach the subclass',
    flow('@step a() { return this.h() }\n h() { return 1 }') + 'export class G extends F { h() { return 2 } }',
    'return 1',
    'return 9',
    ['F.a'],
  ),
  edits(
    'super reaches the overridden one',
    flow('@step a() { return this.h() }\n h() { return 1 }') + 'export class G extends F { h() { return super.h() } }',
    'return 1',
    'return 9',
    ['F.a', 'G.a'],
  ),
  replaces(
    'a base class in another module',
    `import { Base } from './base.js'\nimport { step } from 'mintmark'\nexport class F extends Base { @step a() { return this.h() } @step b() {} }`,
    'base.ts',
    "import { FlowSpec } from 'mintmark'\nexport class Base extends FlowSpec { h() { return 1 } i() { return 1 } }",
    "import { FlowSpec } from 'mintmark'\nexport class Base extends FlowSpec { h() { return 2 } i() { return 1 } }",
    ['F.a'],
  ),
  replaces(
    'a mixin is followed as code',
    `import { Mixed } from './mixin.js'\nimport { FlowSpec, step } from 'mintmark'\nexport class F extends Mixed(FlowSpec) { @step a() { return this.h() } }`,
    'mixin.ts',
    'export const Mixed = (B: any) => class extends B { h() { return 1 } }',
    'export const Mixed = (B: any) => class extends B { h() { return 2 } }',
    ['F.a'],
  ),
  // across modules
  replaces('a helper two modules away', two, 'two.ts', 'export const two = 2', 'export const two = 3', ['F.a'], {
    'one.ts': `import { two } from './two.js'\nexport const one = (n: number) => n * two`,
  }),
  replaces(
    'an unrelated declaration beside the helper',
    two,
    'one.ts',
    'export const one = (n: number) => n\nexport const other = 1',
    'export const one = (n: number) => n\nexport const other = 2',
    [],
  ),
  // classes that a step builds
  replaces(
    'a method of a built class that is mentioned',
    flow('@step a() { return new C().m() }\n @step b() {}', `import { C } from './c.js'`),
    'c.ts',
    'export class C { m() { return 1 } n() { return 1 } }',
    'export class C { m() { return 2 } n() { return 1 } }',
    ['F.a'],
  ),
  replaces(
    'a method of a built class that nothing mentions',
    flow('@step a() { return new C().m() }', `import { C } from './c.js'`),
    'c.ts',
    'export class C { m() { return 1 } n() { return 1 } }',
    'export class C { m() { return 1 } n() { return 2 } }',
    [],
  ),
  replaces(
    'a method that a method mentions',
    flow('@step a() { return new C().m() }', `import { C } from './c.js'`),
    'c.ts',
    'export class C { m() { return this.n() } n() { return 1 } }',
    'export class C { m() { return this.n() } n() { return 2 } }',
    ['F.a'],
  ),
  replaces(
    'a computed call of a built class takes all methods in',
    flow('@step a(){ const c = new C() as any; return c[this.k]() }\n k = "m"', `import { C } from './c.js'`),
    'c.ts',
    'export class C { m() { return 1 } }',
    'export class C { m() { return 2 } }',
    ['F.a'],
  ),
  replaces(
    'a variable that counts in one loop only is no index',
    flow(
      '@step a(){ const c = new C() as any; for (var k: any = "m", n = 0; n < 1; n++) c[k](); for (var k: any = 0; k < 3; k++) {} }',
      `import { C } from './c.js'`,
    ),
    'c.ts',
    'export class C { m() { return 1 } }',
    'export class C { m() { return 2 } }',
    ['F.a'],
  ),
  replaces(
    'a computed name in a pattern takes all methods in',
    flow('@step a(){ const { [this.k]: m } = new C() as any; return m() }\n k = "m"', `import { C } from './c.js'`),
    'c.ts',
    'export class C { m() { return 1 } }',
    'export class C { m() { return 2 } }',
    ['F.a'],
  ),
  replaces(
    'a variable outside of a loop head is no index',
    flow('@step a(){ const c = new C() as any; let k: any = 0; k = "m"; return c[k]() }', `import { C } from './c.js'`),
    'c.ts',
    'export class C { m() { return 1 } }',
    'export class C { m() { return 2 } }',
    ['F.a'],
  ),
  replaces(
    'a var in a loop head is an index',
    flow('@step a(){ const c = new C(); for (var i = 0; i < 3; i++) c.m([1, 2, 3][i]!) }', `import { C } from './c.js'`),
    'c.ts',
    'export class C { m(n: number) { return n } n() { return 1 } }',
    'export class C { m(n: number) { return n } n() { return 2 } }',
    [],
  ),
  replaces(
    'a method of a class that is ignored by a doc tag',
    flow('@step a(){ const c = new C(); c.log(); return c.m() }', `import { C } from './c.js'`),
    'c.ts',
    'export class C { m() { return 0 }\n /** @mintmark version 1 */\n log() { return 0 } }',
    'export class C { m() { return 0 }\n /** @mintmark version 2 */\n log() { return 0 } }',
    ['F.a'],
  ),
  replaces(
    'a method beside one that is ignored by a doc tag',
    flow('@step a(){ return new C().m() }', `import { C } from './c.js'`),
    'c.ts',
    'export class C { /** @mintmark ignore */ log() {}\n m() { return 1 } }',
    'export class C { /** @mintmark ignore */ log() {}\n m() { return 2 } }',
    ['F.a'],
  ),
  replaces(
    'a literal index is no computed member',
    flow('@step a(){ const c = new C(); c.m([1, 2, 3][0]!, [1][+c], [1][c.k++]) }', `import { C } from './c.js'`),
    'c.ts',
    'export class C { k = 0; m(...n: unknown[]) { return n } n() { return 1 } }',
    'export class C { k = 0; m(...n: unknown[]) { return n } n() { return 2 } }',
    [],
  ),
  replaces(
    'an index is no computed member',
    flow('@step a(){ const c = new C(); for (let i = 0; i < 3; i++) c.m([1, 2, 3][i]!) }', `import { C } from './c.js'`),
    'c.ts',
    'export class C { m(n: number) { return n } n() { return 1 } }',
    'export class C { m(n: number) { return n } n() { return 2 } }',
    [],
  ),
  replaces(
    'fields, constructor and static blocks of a built class',
    flow('@step a() { return new C() }', `import { C } from './c.js'`),
    'c.ts',
    'export class C { f = 1 }',
    'export class C { f = 2 }',
    ['F.a'],
  ),
  replaces(
    'only a static member',
    flow('@step a() { return C.s() }', `import { C } from './c.js'`),
    'c.ts',
    'export class C { f = 1; static s() { return 1 } }',
    'export class C { f = 2; static s() { return 1 } }',
    [],
  ),
  replaces(
    'a static member beside a static block',
    flow('@step a() { return C.s() }', `import { C } from './c.js'`),
    'c.ts',
    'export class C { static n = 0; static { this.n = 1 } static s() { return 0 } }',
    'export class C { static n = 0; static { this.n = 2 } static s() { return 0 } }',
    ['F.a'],
  ),
  replaces(
    'a static member that a static member reaches through this',
    flow('@step a() { return C.s() }', `import { C } from './c.js'`),
    'c.ts',
    'export class C { static s() { return this.t() } static t() { return 1 } }',
    'export class C { static s() { return this.t() } static t() { return 2 } }',
    ['F.a'],
  ),
  // objects and enums by member
  replaces(
    'only a member of an object literal',
    flow('@step a() { return T.x }', `import { T } from './t.js'`),
    't.ts',
    'export const T = { x: 1, y: 1 }',
    'export const T = { x: 1, y: 2 }',
    [],
  ),
  replaces(
    'the member itself',
    flow('@step a() { return T.x }', `import { T } from './t.js'`),
    't.ts',
    'export const T = { x: 1, y: 1 }',
    'export const T = { x: 2, y: 1 }',
    ['F.a'],
  ),
  replaces(
    'an object that is handed on counts whole',
    flow('@step a() { return Object.keys(T) }', `import { T } from './t.js'`),
    't.ts',
    'export const T = { x: 1, y: 1 }',
    'export const T = { x: 1, y: 2 }',
    ['F.a'],
  ),
  replaces(
    'a member that uses this widens to the object',
    flow('@step a() { return T.x() }', `import { T } from './t.js'`),
    't.ts',
    'export const T = { x() { return this.y }, y: 1 }',
    'export const T = { x() { return this.y }, y: 2 }',
    ['F.a'],
  ),
  replaces(
    'a member of an enum',
    flow('@step a() { return E.A }', `import { E } from './e.js'`),
    'e.ts',
    'export enum E { A, B = 5 }',
    'export enum E { A, B = 6 }',
    [],
  ),
  ...['E.B', 'Object.keys(E)'].map((read) =>
    replaces(
      `a later part of an enum, by ${read}`,
      flow(`@step a() { return ${read} }`, `import { E } from './e.js'`),
      'e.ts',
      'export enum E { A = 1 }\nexport enum E { B = 2 }',
      'export enum E { A = 1 }\nexport enum E { B = 3 }',
      ['F.a'],
    ),
  ),
  replaces(
    'a member of an enum that is computed from another',
    flow('@step a() { return E.B }', `import { E } from './e.js'`),
    'e.ts',
    'export enum E { A = "x".length, B = A * 2 }',
    'export enum E { A = "xy".length, B = A * 2 }',
    ['F.a'],
  ),
  replaces(
    'a member of an object that another way of writing its name replaces',
    flow(`@step a() { return T['1'] }`, `import { T } from './t.js'`),
    't.ts',
    "export const T = { '1': 1, 1: 2 }",
    "export const T = { '1': 1, 1: 3 }",
    ['F.a'],
  ),
  replaces(
    'a function in an object literal whose callee uses this',
    flow('@step a() { return T.x() }', `import { T } from './t.js'`),
    't.ts',
    'export const T = { x: () => h.call(1), y: 1 }\nfunction h(this: any) { return this }',
    'export const T = { x: () => h.call(1), y: 2 }\nfunction h(this: any) { return this }',
    [],
  ),
  replaces(
    'what a module that comes in late imports',
    flow("@step async a() { return [await import('./late.js'), T.get('x')] }", "import { T } from './t.js'"),
    'fill.ts',
    "import { T } from './t.js'\nT.set('x', 1)\nexport const z = 0",
    "import { T } from './t.js'\nT.set('x', 2)\nexport const z = 0",
    ['F.a'],
    { 'late.ts': "import { z } from './fill.js'\nexport const w = z", 't.ts': 'export const T = new Map()' },
  ),
  replaces(
    'a member of a namespace import',
    flow('@step a() { return ns.x() }', `import * as ns from './n.js'`),
    'n.ts',
    'export const x = () => 1\nexport const y = () => 1',
    'export const x = () => 1\nexport const y = () => 2',
    [],
  ),
  replaces(
    'a namespace that is handed on counts whole',
    flow('@step a() { return Object.keys(ns) }', `import * as ns from './n.js'`),
    'n.ts',
    'export const x = () => 1\nexport const y = () => 1',
    'export const x = () => 1\nexport const y = () => 2',
    ['F.a'],
  ),
  ...(['x: 1', 'y: 1', 'w.x = 1', 'm() { return 1 }', 'k() { return 1 }'] as const).map((edited) =>
    replaces(
      `a member of what a namespace import has, and ${edited} in its module`,
      flow('@step a() { return [ns.T.x, ns.C.m()] }', `import * as ns from './n.js'`),
      'n.ts',
      N,
      N.replace(edited, edited.replace('1', '2')),
      /^[ywk]/.test(edited) ? [] : ['F.a'],
    ),
  ),
  replaces(
    'a write through what a namespace import has',
    flow(
      '@step a() { return ns.T.get("x") }\n @step b() { return ns.U.get("x") }',
      `import * as ns from './t.js'\nimport { z } from './fill.js'\nz()`,
    ),
    'fill.ts',
    `import * as ns from './t.js'\nns.T.set('x', 1)\nexport const z = () => 0`,
    `import * as ns from './t.js'\nns.T.set('x', 2)\nexport const z = () => 0`,
    ['F.a'],
    { 't.ts': 'export const T = new Map()\nexport const U = new Map()' },
  ),
  // C3, C4
  replaces(
    'a constant that a build defines, handed to a function at the top',
    flow('@step a() { return T.x }', `import { T } from './t.js'`),
    't.ts',
    'export const T = { x: 1 }\nfunction log(x: any) {}\nlog(__DEV__)\nlog(1)',
    'export const T = { x: 1 }\nfunction log(x: any) {}\nlog(__DEV__)\nlog(2)',
    [],
  ),
  replaces(
    'a top-level write to what the step reaches',
    flow('@step a() { return T.get("x") }\n @step b() {}', `import { T } from './t.js'`),
    't.ts',
    'export const T = new Map()\nexport const U = new Map()\nT.set("x", 1)\nU.set("x", 1)',
    'export const T = new Map()\nexport const U = new Map()\nT.set("x", 2)\nU.set("x", 1)',
    ['F.a'],
  ),
  replaces(
    'a top-level write to something else',
    flow('@step a() { return T.get("x") }', `import { T } from './t.js'`),
    't.ts',
    'export const T = new Map()\nexport const U = new Map()\nT.set("x", 1)\nU.set("x", 1)',
    'export const T = new Map()\nexport const U = new Map()\nT.set("x", 1)\nU.set("x", 2)',
    [],
  ),
  replaces(
    'a write through a function, in a module that is only imported',
    flow('@step a() { return T.get("x") }', `import { T } from './t.js'\nimport './fill.js'`),
    'fill.ts',
    `import { put } from './t.js'\nput('x', 1)`,
    `import { put } from './t.js'\nput('x', 2)`,
    ['F.a'],
    { 't.ts': 'export const T = new Map()\nexport function put(k: string, v: unknown) { T.set(k, v) }' },
  ),
  replaces(
    'a write in a module of which only a function takes something, which takes a type of another before it',
    flow(
      '@step a() { return T.get("x") }\n @step b() {}',
      `import { T } from './t.js'\nimport { U } from './u.js'\nimport { z } from './fill.js'\nexport function other(u: U) { return z }`,
    ),
    'fill.ts',
    `import { T } from './t.js'\nT.set('x', 1)\nexport const z = 0`,
    `import { T } from './t.js'\nT.set('x', 2)\nexport const z = 0`,
    ['F.a'],
    { 't.ts': 'export const T = new Map()', 'u.ts': 'export type U = 0' },
  ),
  replaces(
    'an assignment to a reached let',
    flow('@step a() { return get() }\n @step b() {}', `import { get } from './l.js'`),
    'l.ts',
    'let v = 1\nexport const get = () => v\nexport const set = () => { v = 2 }',
    'let v = 1\nexport const get = () => v\nexport const set = () => { v = 3 }',
    ['F.a'],
  ),
  replaces(
    'a write to a global object counts for all',
    flow('@step a() {}\n @step b() {}', `import './g.js'`),
    'g.ts',
    '(globalThis as any).x = 1',
    '(globalThis as any).x = 2',
    ['F.a', 'F.b'],
  ),
  replaces(
    'a global object of which a member is read by a name that is not told counts for nobody',
    flow('@step a() {}', `import { x } from './g.js'\nexport const kept = x`),
    'g.ts',
    'const k = (x: any) => x\nk((globalThis as any)[k(1)])\nexport const x = 0',
    'const k = (x: any) => x\nk((globalThis as any)[k(2)])\nexport const x = 0',
    [],
  ),
  replaces(
    'a prototype that is written to',
    flow(
      '@step a() { return new C().m() }\n @step b() { return patched }',
      `import { C } from './c.js'\nimport { patched } from './patch.js'`,
    ),
    'patch.ts',
    `import { C } from './c.js'\n;(C.prototype as any).m = () => 1\nexport const patched = 1`,
    `import { C } from './c.js'\n;(C.prototype as any).m = () => 2\nexport const patched = 1`,
    ['F.a'],
    { 'c.ts': 'export class C { m() { return 0 } }' },
  ),
  edits(
    'what a script does at the end of the file',
    flow('@step a() {}\n @step b() { return patched }') + 'console.log(1)',
    'log(1)',
    'log(2)',
    [],
  ),
  edits(
    'handing the flow to main',
    flow('@step a() {}\n @step b() { return patched }').replace('step,', 'step, main,') + 'await main(F)',
    'await main(F)',
    'await main(F, [])',
    [],
  ),
  ...['runFlow', 'resumeFlow', 'main'].flatMap((hand) => {
    const text = flow(
      '@step a() { return start() }\n@step b() { return 1 }',
      'function start() { return RUN(G) }\nexport class G extends FlowSpec { @step c() { return 2 } }',
    )
    const named = text.replace('step,', `step, ${hand},`).replace('RUN', hand)
    const own = `${named}export const f = memoize(async () => ${hand}(G))\n`
    return [
      edits(`a step that runs another flow by ${hand}`, named, 'return 2', 'return 3', ['G.c']),
      edits(`a memoized function that runs a flow by ${hand}`, own, 'return 2', 'return 3', ['G.c', 'f']),
    ]
  }),
  ...['runFlow', 'resumeFlow', 'main'].map((hand) =>
    edits(
      `handing the flow to ${hand} with options`,
      flow('@step a() {}\n @step b() { return patched }').replace('step,', `step, ${hand},`) + `const n = { n: 1 }\nawait ${hand}(F, n)`,
      'n: 1',
      'n: 2',
      [],
    ),
  ),
  edits(
    'a static of a flow whose steps wear decorators of Mintmark',
    flow('@step a() { return G.k }', 'class G extends FlowSpec { static k = 1; static other = 2; @step @retry({ times: 2 }) c() {} }'),
    'other = 2',
    'other = 3',
    [],
  ),
  edits(
    'a field that is given a function which asks for no `this`',
    flow('x = plain; other() { return 1 }\n@step a() { return this.x() }', 'const plain = () => 0'),
    'return 1',
    'return 2',
    [],
  ),
  edits(
    'a method beside one whose decorator asks for no `this`',
    flow('@plain helper() { return 0 }; other() { return 1 }\n@step a() { return this.helper() }', 'const plain: any = (fn: any) => fn'),
    'return 1',
    'return 2',
    [],
  ),
  ...['call', 'apply', 'bind', 'length', 'name', 'toString'].map((name) =>
    edits(
      `what is put on a function of which only ${name} is asked`,
      flow(`@step a() { return h.${name} }`, 'declare const annotate: any\nfunction h() {}\nannotate(h, 1)'),
      'h, 1',
      'h, 2',
      [],
    ),
  ),
  replaces(
    'a method that `super` leads to from another module',
    flow('@step a() { return this.x() }', "import { B } from './b.js'").replace('extends FlowSpec', 'extends B'),
    'c.ts',
    "import { FlowSpec } from 'mintmark'\nexport class C extends FlowSpec { x() { return 1 } }",
    "import { FlowSpec } from 'mintmark'\nexport class C extends FlowSpec { x() { return 2 } }",
    ['F.a'],
    { 'b.ts': "import { C } from './c.js'\nexport class B extends C { x() { return super.x() } }" },
  ),
  edits(
    'a static beside a static with a well-known symbol for its name',
    flow('@step a() { return C.k }', 'class C { static k = 1; static [Symbol.species] = Array; static other = 2 }'),
    'other = 2',
    'other = 3',
    [],
  ),
  edits(
    'a function that is handed to another',
    flow('@step a() { return one() }', 'function one() { return 1 }\nfunction use(...x: unknown[]) { return x }\nuse(one, "x")'),
    '"x"',
    '"y"',
    [],
  ),
  replaces(
    'a module that is imported for what turns out to be types',
    flow('@step a() { const x = 1 as X; return x }', `import { X } from './x.js'`),
    'x.ts',
    '(globalThis as any).x = 1\nexport type X = 1',
    '(globalThis as any).x = 2\nexport type X = 1',
    [],
  ),
  replaces(
    'a module that is imported for types only',
    flow('@step a() {}', `import type { X } from './x.js'`),
    'x.ts',
    '(globalThis as any).x = 1\nexport type X = 1',
    '(globalThis as any).x = 2\nexport type X = 1',
    [],
  ),
  edits(
    'an unrelated constant with an effect',
    flow(
      '@step a() { return one() }',
      'const one = () => 1\nconst other = make(1)\nfunction make(n: number) { return [n] }\nexport { other }',
    ),
    'make(1)',
    'make(2)',
    [],
  ),
  // transitions
  edits(
    'the transition belongs to the graph',
    flow('@step a() { this.next(this.b) }\n @step b() {}\n @step c() {}'),
    'this.next(this.b)',
    'this.next(this.c)',
    [],
  ),
  edits(
    'a transition under a condition counts by name',
    flow('@step a() { if (x) this.next(this.b); else this.next(this.c) }\n @step b() {}\n @step c() {}', 'const x = Boolean(1)'),
    'else this.next(this.c)',
    'else this.next(this.b)',
    ['F.a'],
  ),
  edits(
    'the code of the next step is not followed',
    flow('@step a() { if (x) this.next(this.b); else this.next(this.c) }\n @step b() { return 1 }\n @step c() {}', 'const x = Boolean(1)'),
    'return 1',
    'return 2',
    ['F.b'],
  ),
  edits('a transition to what is no step of the flow', flow('@step a() { this.next(o.b) }', 'const o = { b: 1, c: 1 }'), 'o.b', 'o.c', [
    'F.a',
  ]),
  // C7
  edits('outputs of @memoize', flow("@step @memoize({ outputs: ['x'] }) a() {}\n x = 1\n y = 1"), "['x']", "['x', 'y']", ['F.a']),
  edits('the ttl of @memoize bears on nothing', flow('@step @memoize({ ttl: 1 }) a() {}'), 'ttl: 1', 'ttl: 2', []),
  edits(
    'the order of options',
    flow("@step @memoize({ inputs: ['x'], outputs: ['x'] }) a() {}\n x = 1"),
    "inputs: ['x'], outputs: ['x']",
    "outputs: ['x'], inputs: ['x']",
    [],
  ),
  edits(
    'the order of more options',
    flow("@step @memoize({ env: ['x'], inputs: ['x'], outputs: ['x'] }) a() {}\n x = 1"),
    "env: ['x'], inputs: ['x'], outputs: ['x']",
    "outputs: ['x'], inputs: ['x'], env: ['x']",
    [],
  ),
  edits('an option by its name alone', flow('@step @memoize({ include }) a() {}', "const include = ['x']"), "['x']", "['y']", ['F.a']),
  edits(
    'a decorator under @memoize',
    flow('@step @memoize({}) @image("one") a() {}', 'declare const image: (n: string) => any'),
    '"one"',
    '"two"',
    ['F.a'],
  ),
  edits(
    'a decorator above @memoize',
    flow('@image("one") @step @memoize({}) a() {}', 'declare const image: (n: string) => any'),
    '"one"',
    '"two"',
    [],
  ),
  edits(
    'options that are spread',
    flow('@step @memoize({ ...base, version: 1 }) a() {}', 'const base = { salt: "one" }'),
    '"one"',
    '"two"',
    ['F.a'],
  ),
  edits(
    'a decorator factory of the project',
    flow('@step @cached({ ttl: 1 }) a() {}', 'const cached = (options: object) => memoize({ version: 1, ...options })'),
    'version: 1',
    'version: 2',
    ['F.a'],
  ),
  ...['ttl', 'store', 'mode', 'strict', 'next'].map((option) =>
    edits(`the option ${option} bears on nothing`, flow(`@step @memoize({ ${option}: 1 }) a() {}`), ': 1', ': 2', []),
  ),
  edits('version is an option that counts', flow('@step @memoize({ version: 1 }) a() {}'), 'version: 1', 'version: 2', ['F.a']),
  // recognised by what it resolves to
  edits(
    'a decorator of the project made with step',
    flow('@marked a() { return 1 }', 'const marked = (v: any, c: any) => step(v, c)'),
    'return 1',
    'return 2',
    ['F.a'],
  ),
  {
    name: 'renamed and namespaced imports of the decorators',
    files: {
      'flow.ts': `import { FlowSpec as B, step as s } from 'mintmark'\nimport * as mm from 'mintmark'\nexport class F extends B { @s a() { return 1 } @mm.step b() { return 1 } }`,
    },
    edit: {
      'flow.ts': `import { FlowSpec as B, step as s } from 'mintmark'\nimport * as mm from 'mintmark'\nexport class F extends B { @s a() { return 2 } @mm.step b() { return 2 } }`,
    },
    changes: ['F.a', 'F.b'],
  },
  replaces(
    'a decorator of the project made with memoize, re-exported',
    `import { cached } from './marks.js'\nimport { FlowSpec } from 'mintmark'\nexport class F extends FlowSpec { @cached a() { return 1 } }`,
    'decorators.ts',
    `import { memoize } from 'mintmark'\nexport const cached = memoize({ version: 1 })`,
    `import { memoize } from 'mintmark'\nexport const cached = memoize({ version: 2 })`,
    ['F.a'],
    { 'marks.ts': `export * from './decorators.js'` },
  ),
]

for (const { name, files, edit, changes } of CASES) test(name, () => assert.equal(changed(files, edit), changes))

const COUNTED = `import { memoize } from 'mintmark'\nimport { helper } from './helper.js'\n`

const FUNCTIONS: readonly Case[] = [
  replaces(
    'a memoized function follows its helpers',
    `${COUNTED}export const f = memoize(async (n: number) => helper(n))\nexport const g = memoize(async (n: number) => n)`,
    'helper.ts',
    'export const helper = (n: number) => n',
    'export const helper = (n: number) => n + 1',
    ['f'],
  ),
  edits('the name of the variable is no part', `${COUNTED}export const f = memoize(async (n: number) => n)`, 'f = memoize', 'g = memoize', [
    'f',
    'g',
  ]),
  edits(
    'a script around it keeps',
    `${COUNTED}const f = memoize(async (n: number) => n)\nfor (const n of [1, 2]) console.log(await f(n))`,
    '[1, 2]',
    '[1, 2, 3]',
    [],
  ),
  edits(
    'a captured function is followed as code',
    `${COUNTED}export function make(k: number) { const twice = (n: number) => n * 2; return memoize(async (n: number) => twice(n) + k) }`,
    'n * 2',
    'n * 3',
    ['make:3'],
  ),
  edits(
    'what is around it in the enclosing function keeps',
    `${COUNTED}export function make(k: number) { console.log('making'); return memoize(async (n: number) => n + k) }`,
    "'making'",
    "'made'",
    [],
  ),
  edits(
    'a wrapper that is a function declaration',
    `${COUNTED}function cached(fn: () => Promise<number>) { return memoize(fn) }\nexport const f = cached(async () => 1)`,
    '=> 1',
    '=> 2',
    ['f'],
  ),
  edits('two in one declaration', `${COUNTED}export const f = memoize(async () => 1), g = memoize(async () => 2)`, '=> 2', '=> 3', ['g']),
  {
    name: 'a file that the option include of a function names',
    files: { 'flow.ts': `${COUNTED}export const f = memoize(async () => 1, { include: ['./a.md'] })`, 'a.md': 'one' },
    edit: { 'a.md': 'two' },
    changes: ['f'],
  },
  edits(
    'a wrapper of the project',
    `${COUNTED}const cached = (fn: (n: number) => Promise<number>) => memoize(fn, { version: 1 })\nexport const f = cached(async (n) => n)`,
    'version: 1',
    'version: 2',
    ['f'],
  ),
]
for (const { name, files, edit, changes } of FUNCTIONS) {
  const withHelper = { 'helper.ts': 'export const helper = 1', ...files }
  test(name, () => assert.equal(changed(withHelper, edit), changes))
}

for (const write of [
  'E.A = 5',
  'E.A ^= 5',
  'E.A++ + 5',
  'delete E.A, 5',
  'Object.assign(E, { A: 5 })',
  "Reflect.set(E, 'A', 5)",
  'const { assign } = Object\nassign(E, { A: 5 })',
  'const other: any = E\nother.A = 5',
  'enum D { B = (E.A = 5) }',
])
  test(`an enum is not read as constants where its module writes to it: ${write}`, () => {
    const files = { 'flow.ts': flow('@step a() { return E.A }', `enum E { A = 1 }\n${write}`) }
    assert.equal(changed(files, { 'flow.ts': files['flow.ts'].replace('5', '6') }), ['F.a'])
  })

// Deeper than the stack of any machine. It counts by the text of its module, so what it leads to is in another.
const deep = `x${'.a()'.repeat(20000)}`
const BASE = "import { FlowSpec } from 'mintmark'\nexport class B extends FlowSpec { h() { return 5 } }"
const FILL = `import { n } from './other.js'\nexport let t = {}, u = {}\nexport function assign(x) { ${deep}; t = n }\nfunction fill(x) { ${deep}; u.n = n }\nfill(1)`
for (const [name, step, other, before = ''] of [
  ['what it names of this', `${deep}; this.h()`, BASE, "import { B } from './other.js'"],
  ['what it may call by a computed name', `${deep}; new C()[x]()`, 'export class C { m() { return 5 } }', "import { C } from './other.js'"],
  ['what it may assign', 'return t', 'export const n = 5', "import { t } from './fill.js'"],
  ['what it may write to', 'return u', 'export const n = 5', "import { u } from './fill.js'"],
] as const)
  test(`code that is nested too deep counts with ${name}`, () => {
    const text = flow(`@step a(x) { ${step} }`, before).replace(
      'extends FlowSpec',
      name.endsWith('this') ? 'extends B' : 'extends FlowSpec',
    )
    assert.equal(changed({ 'flow.ts': text, 'fill.ts': FILL, 'other.ts': other }, { 'other.ts': other.replace('5', '6') }), ['F.a'])
  })

test('a step that is nested too deep claims no list of reads', () => {
  assert.is(stampOf({ 'flow.ts': flow(`x = 1\n@step a() { const x = 1; ${deep} }`) }, 'F.a').reads, undefined)
})

const HIDDEN: readonly (readonly [name: string, members: string, hidden: readonly string[] | undefined, after?: string])[] = [
  ['that a method assigns', '#n = 1; set() { this.#n = 2 } a() { return this.#n }', ['#n']],
  ['that nothing assigns', '#n = 1; a() { return this.#n }', undefined],
  ['beside one that a method assigns', '#n = 1; #m = 1; set() { this.#m = 2 } a() { return this.#n }', undefined],
  ['of two the one that a method assigns', '#n = 1; #m = 1; set() { this.#m = 2 } a() { return this.#n + this.#m }', ['#m']],
  ['that it assigns and does not read', '#n = 1; a() { this.#n = 2 }', undefined],
  ['that another class assigns', '#n = 1; a() { return this.#n }', undefined, 'class G { #n = 1; set() { this.#n = 2 } }'],
  ['whose name is that of a public one', "#n = 1; set() { this['#n'] = 2 } a() { return this.#n }", undefined],
]
for (const [name, members, hidden, after = ''] of HIDDEN)
  test(`a private field ${name}: the stamp tells ${hidden?.join() ?? 'nothing'}`, () => {
    const text = `import { memoize } from 'mintmark'\nexport class S { ${members.replace(' a()', ' @memoize({}) a()')} }\n${after}`
    assert.equal(stampOf({ 's.ts': text }, 'S.a').hidden, hidden)
  })

test('a tag of JSX is read', () => {
  assert.equal(stampOf({ 'flow.tsx': flow('Tag = 1\n@step a() { return <this.Tag /> }') }, 'F.a').reads, ['Tag'])
})

test('the stamp tells what a step reads, where it goes and whether it joins', () => {
  const files = {
    'flow.ts': flow(`
      list: number[] = []
      output = 0
      @step start() { this.list = [1]; this.next(this.work, { foreach: 'list' }) }
      @step @memoize({}) work() { this.output = this.twice() + this.index; this.next(this.join) }
      twice() { return this.input * 2 }
      @step join(inputs: F[]) { this.next(this.end) }
      @step end() { if (this.output > 1) return }
    `),
  }
  const { id, fingerprint, ...work } = stampOf(files, 'F.work')
  assert.is(id, 'flow.ts#F.work')
  assert.match(fingerprint, /^[0-9a-f]{64}$/)
  assert.equal(work, { reads: ['index', 'input'], next: { targets: ['join'] }, targets: ['join'] })
  assert.equal(stampOf(files, 'F.start').next, { targets: ['work'], foreach: 'list' })
  const { joins, reads, branchReads, merges } = stampOf(files, 'F.join')
  assert.equal([joins, reads, branchReads, merges], [true, [], [], []])
  assert.equal(stampOf(files, 'F.end').reads, ['output'])
})

test('a transition over a list that only the run can name is not told', () => {
  const files = { 'flow.ts': flow('@step a() { this.next(this.b, { foreach: this.list }) }\n @step b() {}\n list = "x"') }
  assert.is(stampOf(files, 'F.a').next, undefined)
  assert.equal(stampOf(files, 'F.a').targets, ['b'])
})

test('a step whose this escapes claims no list of reads', () => {
  assert.is(stampOf({ 'flow.ts': flow('@step a() { use(this) }', 'declare function use(x: unknown): void') }, 'F.a').reads, undefined)
})

test('a step renamed or moved to another file keeps its fingerprint', () => {
  const before = fingerprints({ 'flow.ts': flow('@step a() { return help(1) }', 'const help = (n: number) => n') })
  const after = fingerprints({
    'src/other.ts': flow('@step z() { return aid(1) }', `import { aid } from './aid.js'`),
    'src/aid.ts': 'export const aid = (m: number) => m',
  })
  assert.is(before['F.a'], after['F.z'])
})

test('the one transition that always runs is in the stamp, however functions inside return', () => {
  const next = (body: string) => stampOf({ 'flow.ts': flow(`@step @memoize({}) a() { ${body} }\n@step b() {}`) }, 'F.a').next
  assert.equal(next('this.x = [1].map((n) => { return n }); this.next(this.b)'), { targets: ['b'] })
  assert.equal(next("this.next(this.b, { foreach: 'list' })"), { targets: ['b'], foreach: 'list' })
  for (const body of [
    'if (this.x) { return }\nthis.next(this.b)',
    'if (this.x) this.next(this.b)',
    'this.next(this.b, { foreach: this.x })',
    "this.next(this.b, { foreach: 'list', other: 1 })",
    'this.next(this.b, { foreach })',
  ])
    assert.is(next(body), undefined, body)
})

test('statements that read alike come in the order of the module that is asked about, whoever was asked before', () => {
  const files = {
    'a.ts':
      "import { memoize } from 'mintmark'\nimport { k1 } from './p1.js'\nimport { k2 } from './p2.js'\nimport { list } from './list.js'\nexport const a = memoize(async () => [k1, k2, list])",
    'list.ts': 'export const list = []',
    'p1.ts': "import { list } from './list.js'\nimport { one as it } from './one.js'\nlist.push(it)\nexport const k1 = 1",
    'p2.ts': "import { list } from './list.js'\nimport { two as it } from './two.js'\nlist.push(it)\nexport const k2 = 2",
    'one.ts': 'export const one = [1]',
    'two.ts': "export const two = ['two']",
  }
  const other =
    "import { memoize } from 'mintmark'\nimport { k2 } from './p2.js'\nimport { k1 } from './p1.js'\nimport { list } from './list.js'\nexport const b = memoize(async () => [list, k2, k1])"
  assert.is(fingerprints({ 'b.ts': other, ...files }).a, fingerprints(files).a)
})

test.run()
