// Code that no step reaches is not written where the compiler has parsed it; all else is as if it were.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { stepsOfFiles } from '../transformer/analysis.js'
import { isOutline } from '../transformer/outlines.js'
import { openProject } from '../transformer/project.js'
import { type Files, inProject } from './support/steps.js'

const STEP = "import { memoize } from 'mintmark'\n"

/** Functions whose code is still to be written, after the steps of these files have been found. */
function unwritten(files: Files): string[] {
  return inProject(files, (project, sources) => {
    stepsOfFiles(project, sources)
    return sources.flatMap((file) =>
      project.module(file)!.summary.declarations.flatMap((d) => (isOutline(d) ? [`${project.show(file)}#${d.name}`] : [])),
    )
  })
}

test('a function that no step reaches is not written', () => {
  const helpers =
    'let count = 0\nexport function used(n) { return n }\nexport function other() { return 1 }\nexport function counts() { count = 1 }\nexport const arrow = () => 2, { picked } = { picked: () => 3 }\n'
  const steps = `${STEP}import { used } from './helpers.js'\nexport const f = memoize((n) => used(n))\n`
  assert.equal(unwritten({ 'a.ts': steps, 'helpers.ts': helpers }), ['helpers.ts#other', 'helpers.ts#counts', 'helpers.ts#arrow'])
})

test('of functions that use an import one is written, to tell that it is used', () => {
  const helpers =
    "import { x } from './other.js'\nexport const used = () => 1\nexport function one() { return x }\nexport function two() { return x }\n"
  const steps = `${STEP}import { used } from './helpers.js'\nexport const f = memoize(() => used())\n`
  assert.equal(unwritten({ 'a.ts': steps, 'helpers.ts': helpers, 'other.ts': 'export const x = 1\n' }), ['helpers.ts#two'])
})

test('beside a step that is written which says a name that leads to Mintmark', () => {
  const text = `${STEP}const wrap = (f: any) => memoize(f)
function says() { return wrap }
function plain() { return 1 }
function comments() { /* memoize */ }
export const answer = memoize(() => 2)
`
  assert.equal(unwritten({ 'a.ts': text }), ['a.ts#plain'])
})

const CASES: readonly (readonly [what: string, helpers: string])[] = [
  ['is assigned by one', 'let state = 0\nexport const used = () => state\nexport function set() { state = 1 }\n'],
  [
    'is assigned by one that spells its name in another way',
    'let state = 0\nexport const used = () => state\nexport function set() { \\u0073tate = 1 }\n',
  ],
  ['is written through by one', 'const box = { at: 0 }\nexport const used = () => box.at\nexport function set() { box.at = 1 }\n'],
  ['is imported for one only', "import { tell } from './other.js'\nexport const used = () => 1\nexport function say() { tell() }\n"],
  [
    'is imported for the types of one only',
    "import { tell } from './other.js'\nexport const used = () => 1\nexport function say(a: typeof tell) { }\n",
  ],
  ['is assigned by a variable', 'let state = 0\nexport const used = () => state\nexport const set = (): void => void (state = 1)\n'],
  ['has a value before', 'export var used = (): number => 1\nvar used = (): number => 2\nexport let late = () => used\nlate = () => 4\n'],
  ['has been declared before', 'export function used() { return 1 }\nnamespace used { export const x = 2 }\n'],
  ['loads a module', "export const used = () => load()\nasync function load() { return import('./other.js') }\n"],
  [
    'holds a memoized function',
    `${STEP}export const used = () => make()\nfunction make() { return memoize(() => 1) }\nexport function more() { return memoize(() => 2) }\n`,
  ],
  [
    'is among very many',
    `let state = 0\nexport const used = () => state\n${Array.from({ length: 300 }, (_, i) => `export function f${i}() { state = ${i} }\n`).join('')}`,
  ],
]

for (const [what, helpers] of CASES) {
  test(`steps are the same whoever has parsed what ${what}`, () => {
    const files = {
      'a.ts': `${STEP}import { used } from './helpers.js'\nexport const f = memoize(() => used())\n`,
      'helpers.ts': helpers,
      'other.ts': 'globalThis.told = 1\nexport const tell = () => 3\n',
    }
    inProject(files, (project, sources) => {
      const { ts, root } = project
      const read = (of: typeof project): string => {
        const found = [...stepsOfFiles(of, sources).values()].flatMap(({ steps }) => steps)
        return found.map(({ id, fingerprint, closure }) => `${id} ${fingerprint} ${closure.visits.length}`).join('\n')
      }
      const parsed = read(project)
      assert.match(parsed, /a\.ts#f /)
      assert.is(parsed, read(openProject({ ts, root })))
    })
  })
}

const ELEMENTS = ['<a></a>', '<a / >', '<a /* > */ / // >\n >', '<></>']

for (const element of ELEMENTS)
  for (const code of [`export function f() { return ${element} }`, `export const f = () => ${element}`])
    test(`JSX mentions what it stands for, which no text says: ${JSON.stringify(code)}`, () => {
      const files = {
        'a.tsx': `import * as React from './react.js'\n${code}\n`,
        'react.ts': 'export const createElement = 1, Fragment = 2\n',
      }
      inProject(files, (project, [file]) => {
        assert.is(project.module(file!)!.summary.imports[0]!.evaluated, true)
      })
    })

test.run()
