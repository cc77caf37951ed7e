// Random module graphs, random edits: the fingerprints that change are exactly those of the exports whose reach changed.

import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { draws } from './support/draws.js'
import { fingerprints } from './support/fingerprints.js'
import { edit, exportsOf, type Model, model, reach, render } from './support/module-graphs.js'

/** Export -> what stands for it, by the names that no edit changes. */
function judge(m: Model, of: (place: string, key: string) => string): Map<string, string> {
  return new Map([...exportsOf(m)].map(([key, place]) => [key, of(place, key)]))
}

function changes(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...before.keys()].filter((key) => after.has(key) && before.get(key) !== after.get(key)).sort()
}

test('after any edit of a module graph, exactly the exports that reach it change', () => {
  const seen = { edits: 0, changed: 0, kept: 0 }
  fc.assert(
    fc.property(model, fc.array(edit, { minLength: 1, maxLength: 3 }), (start, edits) => {
      let before = start
      for (const [name, change] of edits) {
        const after = change(before)
        const [filesBefore, filesAfter] = [render(before), render(after)]
        const [a, b] = [fingerprints(filesBefore), fingerprints(filesAfter)]
        const real = changes(
          judge(before, (place) => a[place]!),
          judge(after, (place) => b[place]!),
        )
        const expected = changes(
          judge(before, (_, key) => reach(before, key)),
          judge(after, (_, key) => reach(after, key)),
        )
        assert.equal(real, expected, `${name}\n${JSON.stringify(filesBefore, null, 1)}\n${JSON.stringify(filesAfter, null, 1)}`)
        seen.edits++
        seen.changed += expected.length
        seen.kept += exportsOf(after).size - expected.length
        before = after
      }
    }),
    draws(150),
  )
  assert.ok(seen.edits > 200 && seen.changed > 200 && seen.kept > 200, JSON.stringify(seen))
})

test.run()
