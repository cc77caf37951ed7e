// What a step reaches inside of namespaces, written as such or compiled by TypeScript. Each program is really run before and after the edit that
// `«before|after»` marks: what its step answers differs, so its stamp must.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lowered } from './support/lowered.js'
import { answerOf, answers, stampedAs, versionsOf } from './support/programs.js'
import type { Files } from './support/steps.js'

const { flow } = answers(test)

for (const [name, before, body] of [
  ['a variable', `namespace N { export const x = «1|2» }`, `return N.x`],
  ['a variable that is read bare', `namespace N { export const x = «1|2»; export const y = () => x }`, `return N.y()`],
  ['a variable of its own', `namespace N { const x = «1|2»; export const y = () => x }`, `return N.y()`],
  [
    'which variable',
    `const x = 1; namespace N { «const|export const» x = 2; export const y = () => x; export const has = 'x' in N }`,
    `return [N.has, N.y()]`,
  ],
  ['what hides what is given out', `namespace N { export const x = 1; export const y = («z|x»: any) => x }`, `return N.y(2)`],
  [
    'a function of another block',
    `namespace N { export function g() { return «1|2» } } namespace N { export const y = () => g() }`,
    `return N.y()`,
  ],
  [
    'a variable of another block, and one of the module',
    `const x = 1; namespace N { «const|export const» x = 2 } namespace N { export const y = () => x }`,
    `return N.y()`,
  ],
  [
    'a variable of the module, and one of another namespace',
    `const x = «1|2»; namespace M { export const x = 3 } namespace N { export const y = () => x }`,
    `return N.y()`,
  ],
  [
    'a variable of the module, and one of another namespace inside',
    `const x = «1|2»; namespace N { namespace P { export const x = 3 } namespace Q { export const y = x } export const z = Q }`,
    `return N.z.y`,
  ],
  ['which block is the last', `namespace N { export let x: any; x = «1|2» } namespace N { x = (x as any) + «2|1» + x }`, `return N.x`],
  ['what a block assigns', `namespace N { export let x = 0; export const set = () => { x = «1|2» } } N.set()`, `return N.x`],
  ['what another block assigns', `namespace N { export let x = 0 } namespace N { x = «1|2» }`, `return N.x`],
  ['a namespace inside', `namespace N.M { export const x = «1|2» }`, `return N.M.x`],
  ['blocks of a namespace inside', `namespace N.M { export const x = «1|2» } namespace N { export const y = () => M.x }`, `return N.y()`],
  [
    'a static that a namespace takes the place of',
    `class C { static m() { return 1 } } namespace C { (C as any).m = () => «1|2» }`,
    `return C.m()`,
  ],
  ['a static that a namespace gives out instead', `class C { static s: any = 1 } namespace C { export let s: any = «1|2» }`, `return C.s`],
  [
    'a constant of an enum that its namespace writes to',
    `enum E { A } namespace E { export const x = ((E as any).A = «1|2») }`,
    `return E.A`,
  ],
  [
    'a constant of an enum that is written to by a name that is not told',
    `enum E { A } const k: any = 'A'; (E as any)[k] = «1|2»`,
    `return E.A`,
  ],
  ['a function of an enum', `enum E { A } namespace E { export const of = () => «1|2» }`, `return [E.A, E.of()]`],
  [
    'methods of a class that its namespace makes',
    `class C { m() { return «1|2» } } namespace C { export const make = () => new C() }`,
    `return C.make().m()`,
  ],
  [
    'a method called as a variable is',
    `class C { x() { return «1|2» } } namespace N { export const x = 1; export const of = (c: any) => c.x() }`,
    `return N.of(new C())`,
  ],
  ['an alias', `namespace N { export const a = 1, b = 2 } export import X = N.«a|b»`, `return X`],
  ['an alias inside', `namespace M { export const a = 1, b = 2 } namespace N { import X = M.«a|b»; export const y = X }`, `return N.y`],
  ['a pattern', `namespace N { export const { a: «x|y», b: «y|x» } = { a: 1, b: 2 } }`, `return N.x`],
  ['a computed member of an enum inside', `namespace N { export enum E { A = [«1|2»].length + «1|2», B = A + 1 } }`, `return N.E.B`],
  ['an enum of a function', ``, `enum E { A = «1|2», B = A } return E.B`],
  ['an enum that a function hides', `enum E { A = 1 } function g() { enum E { A = «1|2» } return E.A }`, `return g()`],
  ['what a namespace does', `const T = { x: 0 }; namespace N { T.x = «1|2»; export const q = 1 }`, `return T.x`],
  ['a list of expressions', `const T = { x: 0 }; T.x = 1, T.x += «1|2»`, `return T.x`],
] as const) {
  flow(`a namespace: ${name}`, before, body)
  test(`a namespace that is compiled: ${name}`, async () => {
    const [was, is] = versionsOf({ before, body }).map(({ before, body }) => ({
      'flow.ts': `import { FlowSpec, step, memoize } from 'mintmark'\n${lowered.typescript(`${before}\nexport {}`).replace('export {};', '')}
export class F extends FlowSpec { @step @memoize({}) async a(): Promise<any> { ${body} } }`,
    })) as unknown as [Files, Files]
    assert.is.not((await answerOf(was)).text, (await answerOf(is)).text, 'the edit changes nothing that the step answers')
    assert.is.not(stampedAs(was), stampedAs(is))
  })
}

test.run()
