package polls

import (
	"context"
	"encoding/json"
	"fmt"

	"socia/platform/db"
)

// given reads the papers of a round, one JSON array each, in the order of slip's fields.
const given = `WITH given AS (
	SELECT value->>0 AS request, value->>1 AS poll_id, value->>2 AS member_id, value->>3 AS choice, value->>4 AS reason, value->>5 AS by_id, value->>6 AS at
	FROM json_each(?)
) `

// SQLite stores a round in three statements of one act. No other act runs meanwhile, so that a poll that the first
// statement finds open stays open.
const (
	wholeSQLite = given + `, acts AS MATERIALIZED (SELECT value->>0 AS request, value->>1 AS voter_id FROM json_each(?))
		SELECT g.request FROM given g
		LEFT JOIN polls p ON p.id = g.poll_id AND p.closed_at IS NULL AND (p.closes_at IS NULL OR p.closes_at > g.at)
		LEFT JOIN poll_electors e ON e.poll_id = p.id AND e.member_id = g.member_id AND e.account_id IS NOT NULL AND NOT e.absent
		LEFT JOIN acts a ON a.request = g.request AND a.voter_id = e.voter_id
		GROUP BY g.request HAVING COUNT(*) = COUNT(a.voter_id)`
	votesSQLite = given + `INSERT INTO votes (poll_id, member_id, choice, reason, cast_by, cast_at, changes)
		SELECT poll_id, member_id, choice, reason, by_id, at, 0 FROM given WHERE TRUE ORDER BY request
		ON CONFLICT (poll_id, member_id) DO UPDATE SET cast_by = excluded.cast_by, cast_at = excluded.cast_at,
			changes = votes.changes + (votes.choice <> excluded.choice), choice = excluded.choice, reason = excluded.reason`
	linesSQLite = given + `INSERT INTO audit_lines (at, account_id, act, subject, subject_id, detail)
		SELECT at, by_id, 'vote.cast', 'poll', poll_id, '{"member":' || member_id || '}' FROM given ORDER BY request`
	// timeSQLite is how the driver writes instants, so that they compare in SQL.
	timeSQLite = "2006-01-02 15:04:05.999999999-07:00"
)

func (b *box) runSQLite(ctx context.Context, all []*waiting) (taken map[int64]bool, err error) {
	flat := slips(all)
	err = b.db.Write(ctx, func(tx *db.Tx) error {
		list, err := listing(flat, nil)
		if err != nil {
			return err
		}
		acts, err := json.Marshal(acting(all))
		if err != nil {
			return err
		}
		rows, err := tx.SQL().QueryContext(ctx, wholeSQLite, list, string(acts))
		if err != nil {
			return fmt.Errorf("cast votes: %w", err)
		}
		if taken, err = requestsOf(rows); err != nil || len(taken) == 0 {
			return err
		}
		if list, err = listing(flat, taken); err != nil {
			return err
		}
		for _, statement := range []string{votesSQLite, linesSQLite} {
			if _, err := tx.SQL().ExecContext(ctx, statement, list); err != nil {
				return fmt.Errorf("cast votes: %w", err)
			}
		}
		return nil
	})
	return taken, err
}

// listing writes papers as JSON; only those of the requests that are taken, if that is said.
func listing(flat []slip, taken map[int64]bool) (string, error) {
	list := make([][7]any, 0, len(flat))
	for _, p := range flat {
		if taken == nil || taken[p.request] {
			list = append(list, [7]any{p.request, p.poll, p.member, p.choice, p.reason, p.by, p.at.Format(timeSQLite)})
		}
	}
	out, err := json.Marshal(list)
	return string(out), err
}
