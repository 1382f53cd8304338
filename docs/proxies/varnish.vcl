vcl 4.1;

backend codexity {
    .host = "127.0.0.1";
    .port = "8000";
    .first_byte_timeout = 60s;
}

sub vcl_recv {
    # A pipe passes bytes on as they come, and its end too.
    if (req.http.Accept ~ "text/event-stream"
        || req.url ~ "^/search([?]|$)"
        || req.url ~ "^/runs/[^/?]+/events([?]|$)"
        || req.url ~ "^/v1/chat/completions([?]|$)") {
        return (pipe);
    }
    # Codexity's answers differ with who asks and change while a run goes on: none is kept.
    return (pass);
}

sub vcl_backend_response {
    # Compression of everything but streams.
    if (beresp.http.Content-Type ~ "^(text/html|text/css|text/javascript|application/json)") {
        set beresp.do_gzip = true;
    }
}
