package secrets

// Hasten lets passphrases be cheap, for tests that need many.
func (v *Vault) Hasten() { v.work = 8 }
