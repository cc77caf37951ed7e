// The store in memory.

import { test } from 'uvu'
import { memoryStore } from '../../runtime/stores/memory.js'
import { conformance } from '../support/store-conformance.js'

const store = memoryStore()
conformance(() => store)

test.run()
