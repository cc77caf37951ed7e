// `npx ts-patch install`: the project's own compiler is changed, and `tsc` stamps.

import { test } from 'uvu'
import { TSPC_ROWS } from './matrix/tspc.js'
import { testRows } from './support/matrix-slice.js'

testRows(TSPC_ROWS, 'tsc after ts-patch install, incremental, declaration')

test.run()
