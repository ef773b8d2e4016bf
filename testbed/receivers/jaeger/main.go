// Jaeger with no more in it than the tests of this project use: its OTLP receiver, its storage in
// memory, and its query service over HTTP. The stock command has five databases and Kafka besides,
// which would be most of the build.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/gorilla/mux"
	"github.com/jaegertracing/jaeger/cmd/query/app/apiv3"
	"github.com/jaegertracing/jaeger/cmd/query/app/querysvc/v2/querysvc"
	"github.com/jaegertracing/jaeger/internal/jptrace/sanitizer"
	"github.com/jaegertracing/jaeger/internal/storage/v1/memory"
	"github.com/jaegertracing/jaeger/internal/storage/v2/api/tracestore"
	storage "github.com/jaegertracing/jaeger/internal/storage/v2/memory"
	"github.com/jaegertracing/jaeger/internal/telemetry"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
)

func main() {
	grpc := flag.String("grpc", "127.0.0.1:4317", "where OTLP over gRPC is received")
	web := flag.String("http", "127.0.0.1:4318", "where OTLP over HTTP is received")
	query := flag.String("query", "127.0.0.1:16686", "where traces are asked for")
	flag.Parse()

	store, err := storage.NewFactory(memory.Configuration{MaxTraces: 10_000}, telemetry.NoopSettings())
	must(err)
	writer, err := store.CreateTraceWriter()
	must(err)
	must(receive(*grpc, *web, writer))
	must(answer(*query, store))
}

// As Jaeger's storage exporter does, spans are brought into order before they are written.
func receive(grpc, web string, writer tracestore.Writer) error {
	write, err := consumer.NewTraces(func(ctx context.Context, traces ptrace.Traces) error {
		return writer.WriteTraces(ctx, sanitizer.Sanitize(traces))
	})
	if err != nil {
		return err
	}
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig()
	endpoints := map[string]any{
		"protocols": map[string]any{
			"grpc": map[string]any{"endpoint": grpc},
			"http": map[string]any{"endpoint": web},
		},
	}
	if err := confmap.NewFromStringMap(endpoints).Unmarshal(config); err != nil {
		return err
	}
	settings := receiver.Settings{
		ID:                component.NewID(factory.Type()),
		TelemetrySettings: telemetry.NoopSettings().ToOtelComponent(),
	}
	otlp, err := factory.CreateTraces(context.Background(), settings, config, write)
	if err != nil {
		return err
	}
	return otlp.Start(context.Background(), componenttest.NewNopHost())
}

func answer(address string, store *storage.Factory) error {
	reader, err := store.CreateTraceReader()
	if err != nil {
		return err
	}
	dependencies, err := store.CreateDependencyReader()
	if err != nil {
		return err
	}
	nothing := telemetry.NoopSettings()
	gateway := apiv3.HTTPGateway{
		QueryService: querysvc.NewQueryService(reader, dependencies, querysvc.QueryServiceOptions{}),
		Logger:       nothing.Logger,
		Tracer:       nothing.TracerProvider,
	}
	router := mux.NewRouter()
	gateway.RegisterRoutes(router)
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("Everything is ready.")
	return http.Serve(listener, router)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
