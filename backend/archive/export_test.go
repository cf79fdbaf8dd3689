package archive

import "time"

// BePatient sets how long logs that no index helps with are read for a page.
func (a *Archive) BePatient(d time.Duration) { a.patience = d }
