package format

// LogBlocks is how many blocks of logs stand in the index of their texts as one document: the document d has the blocks with the
// ids from (d-1)*LogBlocks+1 to d*LogBlocks. Eight make the index less than half as large as one would, and seldom find too much.
const LogBlocks = 8

// LogOverlap is how many bytes of the block before belong to a document too, or to a block that is searched, where both are of the
// same log: as many as the longest text has that can be searched for.
const LogOverlap = 4 * 200

// LogDocument is the document that a block belongs to.
func LogDocument(block int64) int64 { return (block + LogBlocks - 1) / LogBlocks }
