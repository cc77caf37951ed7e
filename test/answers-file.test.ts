// Answers on disk: who may add to them, and what is taken of a file that several have written to.

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Answers, openAnswers } from '../transformer/answers.js'

interface Place {
  readonly file: string
  /** Writes a source. */
  write(name: string, text: string): void
  /** What a session says of sources, and which of them it had to read for that. */
  ask(answers: Answers, ...names: string[]): { said: string[]; read: string[] }
  open(limit?: number): Answers
}

function inPlace(run: (place: Place) => void): void {
  const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-answers-'))
  const file = path.join(dir, 'cache/answers')
  try {
    run({
      file,
      write: (name, text) => writeFileSync(path.join(dir, name), text),
      open: (limit) => openAnswers(file, limit),
      ask(answers, ...names) {
        const disk = answers.look(() => undefined)
        const read: string[] = []
        const said = names.map((name) =>
          answers.answer('load', name, () => {
            read.push(name)
            return disk.text(path.join(dir, name))
          }),
        )
        return { said, read }
      },
    })
  } finally {
    rmSync(dir, { recursive: true })
  }
}

test('what was asked first and what was asked later is known the next time, as long as all of it holds', () => {
  inPlace(({ write, open, ask }) => {
    write('a', '1')
    write('b', '1')
    const first = open()
    assert.equal(ask(first, 'a'), { said: ['1'], read: ['a'] })
    first.save()
    assert.equal(ask(first, 'a', 'b').read, ['b'])
    first.save()
    assert.equal(ask(open(), 'a', 'b'), { said: ['1', '1'], read: [] })
    write('b', '2')
    assert.equal(ask(open(), 'a', 'b'), { said: ['1', '2'], read: ['a', 'b'] })
  })
})

test('two sessions that add to one file are both remembered', () => {
  inPlace(({ write, open, ask }) => {
    for (const name of ['a', 'b', 'c']) write(name, name)
    const begun = open()
    ask(begun, 'a')
    begun.save()
    const [one, other] = [open(), open()]
    ask(one, 'a', 'b')
    ask(other, 'a', 'c')
    one.save()
    other.save()
    assert.equal(ask(open(), 'a', 'b', 'c').read, [])
  })
})

test('what is added late, to a file that somebody else has begun, is not taken, and nothing of theirs is lost', () => {
  inPlace(({ write, open, ask }) => {
    write('a', '1')
    write('b', '1')
    const late = open()
    ask(late, 'a')
    late.save()
    ask(late, 'a', 'b')
    write('a', '2')
    const other = open()
    ask(other, 'a')
    other.save()
    late.save()
    const next = open()
    assert.equal(ask(next, 'a', 'b'), { said: ['2', '1'], read: ['b'] })
    next.save()
    assert.equal(ask(open(), 'a', 'b').read, [])
  })
})

test('that holds for a file that begins with the very same answers', () => {
  inPlace(({ write, open, ask }) => {
    for (const name of ['a', 'b', 'c']) write(name, '1')
    const late = open()
    ask(late, 'a')
    late.save()
    ask(late, 'b')
    late.save()
    // Rests on `b`, too, of which the new file knows nothing.
    ask(late, 'c')
    for (const text of ['2', '1']) {
      write('a', text)
      const other = open()
      ask(other, 'a')
      other.save()
    }
    late.save()
    assert.equal(ask(open(), 'a', 'c').read, ['c'])
  })
})

test('sessions that saw different things in one file leave nothing to be taken', () => {
  inPlace(({ write, open, ask }) => {
    write('a', '1')
    write('b', '1')
    const begun = open()
    ask(begun, 'a')
    begun.save()
    const [one, other] = [open(), open()]
    ask(one, 'a', 'b')
    write('b', '2')
    ask(other, 'a', 'b')
    one.save()
    other.save()
    assert.equal(ask(open(), 'a', 'b'), { said: ['1', '2'], read: ['a', 'b'] })
  })
})

test('an edit during a session is not mixed with what was kept before it', () => {
  inPlace(({ write, open, ask }) => {
    write('a', '1')
    write('b', '1')
    const living = open()
    ask(living, 'a', 'b')
    living.save()
    write('b', '2')
    assert.equal(ask(living, 'b').said, ['2'])
    living.save()
    assert.equal(ask(open(), 'b').read, [])
    write('b', '1')
    assert.equal(ask(open(), 'a', 'b').said, ['1', '1'])
  })
})

test('a file cut or damaged at any byte gives no wrong answer, and heals', () => {
  inPlace(({ file, write, open, ask }) => {
    write('a', 'one')
    write('b', 'two')
    const first = open()
    for (const name of ['a', 'b']) {
      ask(first, name)
      first.save()
    }
    const whole = readFileSync(file)
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole)
      flipped[at]! ^= 0x11
      for (const bytes of [whole.subarray(0, at), flipped]) {
        writeFileSync(file, bytes)
        const next = open()
        const { said, read } = ask(next, 'a', 'b')
        assert.equal(said, ['one', 'two'], `byte ${at}`)
        assert.ok(read.length > 0)
        next.save()
        assert.equal(ask(open(), 'a', 'b').read, [], `byte ${at}`)
      }
    }
  })
})

test('what would be too large is not kept, and trouble with the disk is no trouble', () => {
  inPlace(({ file, write, open, ask }) => {
    write('a', 'x'.repeat(1000))
    const small = open(900)
    ask(small, 'a')
    small.save()
    assert.not.ok(existsSync(file))
    const fitting = open(2000)
    ask(fitting, 'a')
    fitting.save()
    const { size } = statSync(file)
    write('b', 'y'.repeat(1000))
    ask(fitting, 'b')
    fitting.save()
    assert.is(statSync(file).size, size)
    rmSync(path.dirname(file), { recursive: true })
    writeFileSync(path.dirname(file), 'no folder')
    chmodSync(path.dirname(file), 0o400)
    assert.equal(ask(open(), 'a').read, ['a'])
    open().save()
    const none = openAnswers(undefined)
    ask(none, 'a')
    none.save()
  })
})

test.run()
