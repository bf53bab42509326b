package db

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"gorm.io/gorm/clause"

	"socia/models"
)

// Once gives a form that is sent twice one effect. The first sending does the act and its reference is kept; every
// other sending of the same token, at the same time or later, gets that reference and does nothing.
// An empty token does the act without remembering it. Kept is the token's digest: whatever is sent, its length is one
// that both databases can index.
func (tx *Tx) Once(token string, act func() (ref string, err error)) (string, error) {
	if token == "" {
		return act()
	}
	return tx.once("form/"+token, act)
}

// OnceNamed does an act of the program's own once, under a name. No form's token, whatever somebody types into it, is
// ever such a name.
func (tx *Tx) OnceNamed(name string, act func() error) error {
	_, err := tx.once("act/"+name, func() (string, error) { return "", act() })
	return err
}

func (tx *Tx) once(token string, act func() (ref string, err error)) (string, error) {
	digest := sha256.Sum256([]byte(token))
	kept := hex.EncodeToString(digest[:])
	row := models.OnceToken{Token: kept, At: tx.Now}
	made := tx.DB.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if made.Error != nil {
		return "", fmt.Errorf("remember a form: %w", made.Error)
	}
	if made.RowsAffected == 0 {
		var first models.OnceToken
		if err := tx.DB.Where("token = ?", kept).Take(&first).Error; err != nil {
			return "", fmt.Errorf("recall a form: %w", err)
		}
		return first.Ref, nil
	}
	ref, err := act()
	if err != nil {
		return "", err
	}
	if err := tx.DB.Model(&models.OnceToken{}).Where("token = ?", kept).Update("ref", ref).Error; err != nil {
		return "", fmt.Errorf("remember a form's answer: %w", err)
	}
	return ref, nil
}
