// Hosts that run the program themselves while they watch.

import { test } from 'uvu'
import { VITE_ROWS } from './matrix/vite.js'
import { testRows } from './support/matrix-slice.js'

testRows(VITE_ROWS, 'vite, dev server, hot updates', 'vitest, watch')

test.run()
