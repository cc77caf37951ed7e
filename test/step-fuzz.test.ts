// Random programs, really run, edited at random: whatever changes what a step answers changes its fingerprint.

import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { draws } from './support/draws.js'
import { answerOf, stampedAs } from './support/programs.js'
import { editText } from './support/step-edits.js'
import { openTape, writeProgram } from './support/step-programs.js'
import type { Files } from './support/steps.js'

const PROGRAMS = 60
const EDITS = 5

interface Tally {
  /** Edits of programs that can be evaluated. */
  edits: number
  /** Those that change what the step answers. */
  felt: number
  /** Edits of what the step does not reach, and how many of them change its fingerprint all the same. */
  idle: number
  wasted: number
}

/** Edits the program of the tape and holds the fingerprints against the answers. */
async function holdAgainst(
  stampOf: (files: Files) => string,
  program: readonly number[],
  choices: readonly number[],
  tally: Tally,
): Promise<void> {
  const { files, parts } = writeProgram(openTape(program))
  const was = await answerOf(files)
  if (!was.isLoaded) return
  const stamp = stampOf(files)
  const tape = openTape(choices)
  for (let i = 0; i < EDITS; i++) {
    const part = parts[tape.below(parts.length)]!
    const text = editText(part.text, tape)
    if (text === undefined || text === part.text) continue
    const edited = { ...files, [part.module]: files[part.module]!.replace(part.text, () => text) }
    const is = await answerOf(edited)
    if (!is.isLoaded) continue
    let changed: string | undefined
    try {
      changed = stampOf(edited)
    } catch {
      // The edit has taken the step away.
      continue
    }
    tally.edits++
    if (!part.reached) tally.idle++
    // What the fields hold is part of the key.
    const isFelt = is.text !== was.text && JSON.stringify(is.fields) === JSON.stringify(was.fields)
    if (isFelt) tally.felt++
    else if (!part.reached && changed !== stamp) tally.wasted++
    if (isFelt && changed === stamp)
      throw new Error(`answers ${is.text}, no longer ${was.text}, after\n- ${part.text}\n+ ${text}\nin ${JSON.stringify(files, null, 1)}`)
  }
}

async function fuzz(stampOf: (files: Files) => string, programs: number): Promise<Tally> {
  const tally: Tally = { edits: 0, felt: 0, idle: 0, wasted: 0 }
  const numbers = fc.array(fc.nat(), { minLength: 60, maxLength: 200, size: 'max' })
  await fc.assert(
    fc.asyncProperty(numbers, numbers, (program, choices) => holdAgainst(stampOf, program, choices, tally)),
    { ...draws(programs), endOnFailure: true },
  )
  return tally
}

test('an edit that changes what a step answers changes its fingerprint', async () => {
  const { edits, felt, idle, wasted } = await fuzz(stampedAs, PROGRAMS)
  // The programs do something, and most edits of what a step does not reach leave it alone.
  assert.ok(edits > PROGRAMS * 2, `${edits} edits`)
  assert.ok(felt > edits / 10, `${felt} of ${edits} felt`)
  assert.ok(wasted < idle / 4, `${wasted} of ${idle} wasted`)
})

test('a fingerprint that overlooks a module is found out', async () => {
  const blind = (files: Files): string => stampedAs({ ...files, 'a.ts': '', 'b.ts': '', 'deep/c.ts': '' })
  let message = ''
  await fuzz(blind, PROGRAMS).catch((error) => {
    message = String(error.cause ?? error)
  })
  assert.match(message, /answers /)
})

test.run()
