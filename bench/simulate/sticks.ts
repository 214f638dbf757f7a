import type { Carried } from '../../appliance/relay/carried-batches.ts'
import type { Receipted } from '../../appliance/wire/stick-file.ts'
import type { Stage } from './faults.ts'
import type { Random } from './random.ts'

/* Sticks between boxes and hub (SYNC-024), beside whatever the line does: late, twice, in part, in the wrong order, lost. */

export type Sticks = { written: { box: string; frames: Carried['frames'] }[]; receipts: Receipted[] }

const mostKept = 6

/** Somebody writes one, brings one, or takes a receipt back, of today or of long ago, to a box that it is for or another. */
export function playSticks(stage: Stage, { written, receipts }: Sticks, random: Random): void {
  const { boxes, hub, tell } = stage
  const deed = random.pick(['write', 'write', 'bring', 'bring', 'receipt'] as const)
  if (deed === 'write') {
    const box = random.pick(boxes)
    const carried = box.collect()
    if (!carried || carried.entries === 0) return
    tell(`${box.name} writes ${carried.entries} entries onto a stick`)
    written.push({ box: box.name, frames: carried.frames })
    if (written.length > mostKept) written.shift()
  }
  if (deed === 'bring' && written.length > 0) {
    const { box, frames } = random.pick(written)
    const [hello, ...batches] = frames
    const brought = random.chance(0.3) ? batches.slice(0, random.between(0, batches.length)) : batches
    tell(`a stick of ${box} brings ${brought.length} of ${batches.length} batches`)
    if (hello) hub.take('hello', hello)
    for (const batch of brought) hub.take('up', batch)
    stage.world.after(60_000, () => {
      receipts.push(hub.ends())
      if (receipts.length > mostKept) receipts.shift()
    })
  }
  if (deed === 'receipt' && receipts.length > 0) {
    const box = random.pick(boxes)
    tell(`${box.name} takes a receipt`)
    box.takeReceipt(random.pick(receipts))
  }
}
