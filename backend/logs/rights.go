package logs

import (
	"cmp"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"strings"

	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Credentials says where the right to read comes from.
type Credentials string

// The ways to the storage's rights.
const (
	StaticKeys    Credentials = "static"
	SharedProfile Credentials = "profile"
	OfInstance    Credentials = "instance"
)

// rightsOf says whose keys requests are signed with. Nobody is asked before the first request, and only who is named: a machine's
// own service never where the profile brings its keys.
func rightsOf(config S3) (rights *credentials.Credentials, closer func()) {
	switch config.Credentials {
	case SharedProfile:
		return credentials.New(&keys{&credentials.FileAWSCredentials{Profile: config.Profile}, profileFailed(config.Profile)}), func() {}
	case OfInstance:
		// Straight to the machine's service: no proxy learns the keys, and no answer leads elsewhere.
		transport := newTransport(own)
		client := &http.Client{
			Transport: transport, Timeout: answerTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
		return credentials.New(&keys{&credentials.IAM{Client: client, Endpoint: instanceService()}, instanceFailed}), transport.CloseIdleConnections
	default:
		return credentials.NewStaticV4(config.AccessKey, config.SecretKey, ""), func() {}
	}
}

// instanceService is the address that AWS programs are told by their environment; "" = the cloud's usual one. Where the machine
// is a container with an address of its own, the library reads that.
func instanceService() string {
	switch {
	case os.Getenv("AWS_WEB_IDENTITY_TOKEN_FILE") != "":
		return os.Getenv("AWS_ENDPOINT_URL_STS")
	case os.Getenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") != "", os.Getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI") != "":
		return ""
	}
	return strings.TrimSuffix(os.Getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT"), "/")
}

// keys are somebody's whose failures are told in an operator's words. What gives no key fails too: requests would go out unsigned,
// and the storage's refusal would be blamed on rights.
type keys struct {
	credentials.Provider
	failed func(error) error
}

var errNoKey = errors.New("no key was given")

func (k *keys) RetrieveWithCredContext(with *credentials.CredContext) (credentials.Value, error) {
	value, err := k.Provider.RetrieveWithCredContext(with)
	if err == nil && (value.AccessKeyID == "" || value.SecretAccessKey == "") {
		err = errNoKey
	}
	if err != nil {
		return credentials.Value{}, k.failed(err)
	}
	return value, nil
}

func (k *keys) Retrieve() (credentials.Value, error) { return k.RetrieveWithCredContext(nil) }

func profileFailed(name string) func(error) error {
	return func(err error) error {
		name := cmp.Or(name, os.Getenv("AWS_PROFILE"), "default")
		var told *scheduler.Error
		var file *fs.PathError
		switch words := err.Error(); {
		case strings.Contains(words, "SSO token"), strings.Contains(words, "SSO role credentials"):
			told = scheduler.Errorf(scheduler.Forbidden, "log.profile_login",
				"The login of the AWS profile %s is over. Run aws sso login --profile %s, and try again.", name, name)
		case errors.As(err, &file) && file.Op == "open" && errors.Is(err, fs.ErrNotExist), strings.Contains(words, "does not exist"):
			told = scheduler.Errorf(scheduler.Forbidden, "log.no_profile",
				"This machine's AWS files have no profile %s. Add it to them, or name another one in this environment's profile.", name)
		default:
			// The cause isn't kept: it quotes the line of the file at which reading it ended.
			told = scheduler.Errorf(scheduler.Forbidden, "log.profile_unreadable",
				"The AWS profile %s of this machine gives no keys: its files can't be read, or they lack a key.", name)
		}
		return told.With("profile", name)
	}
}

func instanceFailed(err error) error {
	return scheduler.Errorf(scheduler.Forbidden, "log.no_instance_keys",
		"This machine gives Opsdeck no keys for the storage: no service of a cloud answers for it, or it has no role. "+
			"Give it a role, or choose other keys in this environment's profile.").Because(err)
}
