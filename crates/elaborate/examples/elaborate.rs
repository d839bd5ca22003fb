//! Writes the kernel file of a proof folder to standard output.

fn main() {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).expect("a folder"));
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let [problem, lemmas, proof] = ["problem.json", "lemmas.jsonl", "proof.pbp"].map(|name| read(name).expect(name));
    let network = read("network.json").ok();
    let folder = elaborate::Folder { problem: &problem, lemmas: &lemmas, proof: &proof, network: network.as_deref() };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if let Err(error) = elaborate::elaborate(folder, &mut out, &|| false) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
