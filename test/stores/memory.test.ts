// The store in memory.

import { test } from 'uvu'
import { memoryStore } from '../../runtime/stores/memory.js'
import { conformance, digestId, same } from '../support/store-conformance.js'

const store = memoryStore()
conformance(() => store)

test('removing what is older than a moment leaves what is younger', async () => {
  const id = digestId('aged')
  await store.put('entries', id, Buffer.from('young'))
  await store.delete('entries', id, { before: Date.now() - 1000 })
  same(await store.get('entries', id), Buffer.from('young'))
  await store.delete('entries', id, { before: Date.now() + 1000 })
  if (await store.get('entries', id)) throw new Error('it is there')
})

test.run()
