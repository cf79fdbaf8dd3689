package djangoschema

import (
	"cmp"
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// User is a person who may use the Django application. Its roles come from its groups.
type User struct {
	Username  string
	Password  string // "" = none: nobody can log in as this user
	Rounds    int    // of hashing the password; 0 = DjangoRounds
	Groups    []string
	Active    bool
	Superuser bool
}

var (
	//go:embed add_user.sql
	addUser string
	//go:embed join_groups.sql
	joinGroups string
)

// DjangoRounds is how often Django 5.2 hashes a password, which takes a good part of a second, on purpose. It hashes
// again at the next login where the number differs.
const DjangoRounds = 1_000_000

// AddUser adds a user and puts it into groups that exist; a missing group is an error.
func AddUser(ctx context.Context, conn *pgx.Conn, u User) error {
	password, err := hashPassword(u.Password, cmp.Or(u.Rounds, DjangoRounds))
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		var id int32
		if err := tx.QueryRow(ctx, addUser, pgx.NamedArgs{
			"username": u.Username, "password": password, "active": u.Active, "superuser": u.Superuser,
		}).Scan(&id); err != nil {
			return fmt.Errorf("add user %s: %w", u.Username, err)
		}
		tag, err := tx.Exec(ctx, joinGroups, pgx.NamedArgs{"user_id": id, "groups": u.Groups})
		if err != nil {
			return fmt.Errorf("put user %s into groups: %w", u.Username, err)
		}
		if int(tag.RowsAffected()) != len(u.Groups) {
			return fmt.Errorf("put user %s into groups: not all of %q exist", u.Username, u.Groups)
		}
		return nil
	})
}

// hashPassword writes a password as Django's PBKDF2PasswordHasher does. Django takes the salt's text as it stands.
func hashPassword(password string, rounds int) (string, error) {
	salt := rand.Text()[:22]
	if password == "" {
		return "!" + salt, nil // Django's mark of a password that never fits
	}
	key, err := pbkdf2.Key(sha256.New, password, []byte(salt), rounds, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return fmt.Sprintf("pbkdf2_sha256$%d$%s$%s", rounds, salt, base64.StdEncoding.EncodeToString(key)), nil
}
