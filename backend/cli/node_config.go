package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/pflag"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Keys of the configuration file that no flag has: on a command line every user of the machine could read them.
const (
	postgresURLKey = "postgres-url"
	redisURLKey    = "redis-url"
)

// othersRead are the permission bits of users who are neither owner nor group.
const othersRead = 0o007

// completeFlags gives every flag that the command line leaves out its value from the environment (OPSDECK_NODE_ and the
// flag's name, - as _), else from the file, a TOML table of flag names. It returns the addresses that the file holds.
func completeFlags(flags *pflag.FlagSet, file string) (urls map[string]string, err error) {
	settings, urls, err := readConfig(file)
	if err != nil {
		return nil, err
	}
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		if flags.Lookup(key) == nil || key == "config" || key == "help" {
			return nil, badConfig(file, key, errors.New("there is no such setting: opsctl node --help lists them"))
		}
	}
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Changed || err != nil || f.Name == "help" {
			return
		}
		if text, ok := os.LookupEnv(variable(f.Name)); ok {
			if wrong := flags.Set(f.Name, text); wrong != nil {
				err = scheduler.Errorf(scheduler.Invalid, "node.bad_environment", "the environment variable %s can't be used", variable(f.Name)).
					With("variable", variable(f.Name)).Because(wrong)
			}
		} else if text, ok := settings[f.Name]; ok {
			if wrong := flags.Set(f.Name, text); wrong != nil {
				err = badConfig(file, f.Name, wrong)
			}
		}
	})
	return urls, err
}

// variable is the environment variable that stands for a flag.
func variable(flag string) string {
	return node.EnvPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// readConfig gives the settings of a file as a command line would have them. No file is an empty one.
func readConfig(file string) (settings, urls map[string]string, err error) {
	settings, urls = map[string]string{}, map[string]string{}
	if file == "" {
		return settings, urls, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, badConfig(file, "", err)
	}
	var document map[string]any
	if err := toml.Unmarshal(text, &document); err != nil {
		return nil, nil, badConfig(file, "", err)
	}
	for key, value := range document {
		plain, err := argument(value)
		if err != nil {
			return nil, nil, badConfig(file, key, err)
		}
		if key == postgresURLKey || key == redisURLKey {
			urls[key] = plain
		} else {
			settings[key] = plain
		}
	}
	if info, err := os.Stat(file); err == nil && len(urls) > 0 && info.Mode()&othersRead != 0 {
		return nil, nil, scheduler.Errorf(scheduler.Forbidden, "node.config_is_public",
			"the configuration file %s holds addresses with passwords and may be read by everybody: chmod o= it", file).With("file", file)
	}
	return settings, urls, nil
}

// argument is a TOML value as a flag takes it.
func argument(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case bool, int64, float64:
		return fmt.Sprint(v), nil
	case []any:
		text, err := json.Marshal(v)
		return string(text), err
	}
	return "", errors.New("it is neither a text nor a number nor a truth value nor a list")
}

func badConfig(file, key string, cause error) error {
	what := file
	if key != "" {
		what = key + " in " + file
	}
	return scheduler.Errorf(scheduler.Invalid, "node.bad_config", "the node's configuration can't be used: %s", what).
		With("what", what).Because(cause)
}
