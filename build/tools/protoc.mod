// The generators behind backend/workerpb. protoc-gen-go is the version of the
// protobuf runtime in go.mod; buf wants a newer one, hence two modfiles.
module github.com/opsdeck/opsdeck

go 1.26.0

tool (
	google.golang.org/grpc/cmd/protoc-gen-go-grpc
	google.golang.org/protobuf/cmd/protoc-gen-go
)

require (
	google.golang.org/grpc/cmd/protoc-gen-go-grpc v1.6.2 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)
