// The columns of the matrix: edits in a row, each with the steps whose stamps it has to change, and what the program has to answer then.

import path from 'node:path'
import type { Edited } from './project.js'

export const STEPS = ['work', 'pack', 'ask', 'alone'] as const
export type Step = (typeof STEPS)[number]

export interface Column {
  readonly name: string
  readonly edit?: (project: Edited) => void
  /** Steps with another stamp than before; all others keep theirs. */
  readonly changes: readonly Step[]
  /** Steps that have not run on this very code yet, where that is not the same. */
  readonly executes?: readonly Step[]
  /** The results that differ from those before. */
  readonly results?: Readonly<Partial<Record<Step, string | number>>>
}

const edit = (name: 'helper' | 'inner' | 'data', from: string, to: string) => (p: Edited) => p.edit(p.at(name), from, to)

export const COLUMNS: readonly Column[] = [
  {
    name: 'first build',
    changes: STEPS,
    results: { work: 11, pack: '1 of deeper 1.0.0 of dep 1.0.0', ask: 'one', alone: 'alone' },
  },
  { name: 'no edit', changes: [] },
  { name: 'helper body 1', edit: edit('helper', '+ 1', '+ 2'), changes: ['work'], results: { work: 12 } },
  { name: 'helper body 2', edit: edit('helper', '+ 2', '+ 3'), changes: ['work'], results: { work: 13 } },
  { name: 'transitive helper', edit: edit('inner', '* 1', '* 2'), changes: ['work'], results: { work: 23 } },
  {
    name: 'package bump',
    edit: (p) => p.upgrade('dep', '1.0.1'),
    changes: ['pack'],
    results: { pack: '1 of deeper 1.0.0 of dep 1.0.1' },
  },
  {
    name: 'its package bump',
    edit: (p) => p.upgrade('deeper', '1.0.1'),
    changes: ['pack'],
    results: { pack: '1 of deeper 1.0.1 of dep 1.0.1' },
  },
  { name: 'imported asset', edit: edit('data', 'one', 'two'), changes: ['ask'], results: { ask: 'two' } },
  {
    name: 'included asset',
    edit: (p) => p.write({ [path.join(p.at('texts'), 'a.txt')]: 'two' }),
    changes: ['ask'],
  },
  {
    name: 'one more',
    edit: (p) => p.write({ [path.join(p.at('texts'), 'b.txt')]: 'new' }),
    changes: ['ask'],
  },
  { name: 'comment', edit: edit('helper', '+ 3', '+ 3 // three, as before'), changes: [] },
  { name: 'type', edit: edit('inner', '(n: number): number', '(n: number & {}): number'), changes: [] },
  { name: 'unrelated', edit: edit('helper', 'unused = 1', 'unused = 2'), changes: [] },
  {
    name: 'way back',
    edit: edit('inner', '* 2', '* 1'),
    changes: ['work'],
    executes: [],
    results: { work: 13 },
  },
]
